package com.deliveryservice.authgateway.protection;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Mono;

/**
 * Which questions of workflow-auth about a password are the echo of a sign-in that the
 * edge has counted, on whatever replica: all others are counted when they come. In the
 * database, since the echo may reach another replica.
 */
public class SignInsUnderWay {

	/** Longer than workflow-auth may take, short enough to be of no use to a guesser. */
	private static final double SECONDS = 10;

	private static final String EXPECT = """
			INSERT INTO auth.sign_in_under_way AS u (key, expected, until)
			VALUES (:key, 1, clock_timestamp() + make_interval(secs => :seconds))
			ON CONFLICT (key) DO UPDATE SET
			  expected = CASE WHEN u.until < clock_timestamp() THEN 1 ELSE u.expected + 1 END, until = excluded.until""";

	private static final String TAKE = """
			UPDATE auth.sign_in_under_way SET expected = expected - 1
			WHERE key = :key AND expected > 0 AND until > clock_timestamp()""";

	private final Database database;

	private final KeyedHash hash;

	SignInsUnderWay(Database database, KeyedHash hash) {
		this.database = database;
		this.hash = hash;
	}

	/**
	 * One question about this login is about to be asked.
	 * @param login the normalised login
	 * @return fails with
	 * {@link com.deliveryservice.authgateway.database.DatabaseUnavailableException}
	 */
	public Mono<Void> expect(String login) {
		return this.database
			.one((client) -> client.sql(EXPECT).bind("key", key(login)).bind("seconds", SECONDS).fetch().rowsUpdated())
			.then();
	}

	/**
	 * Takes one of those that are expected.
	 * @param login the normalised login
	 * @return whether there was one; fails with
	 * {@link com.deliveryservice.authgateway.database.DatabaseUnavailableException}
	 */
	public Mono<Boolean> take(String login) {
		return this.database.one((client) -> client.sql(TAKE).bind("key", key(login)).fetch().rowsUpdated())
			.map((rows) -> rows > 0);
	}

	private byte[] key(String login) {
		return this.hash.of(LaneKeys.text(login));
	}

}
