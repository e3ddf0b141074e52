package com.deliveryservice.authgateway.protection;

import java.time.Duration;

import org.springframework.r2dbc.core.DatabaseClient;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Mono;

/**
 * An address's failures, at passwords and at codes, in one bucket of
 * {@code auth.throttle}.
 */
class AddressBucket {

	/** What is in the address's bucket with one failure more. */
	private static final String LEVEL = """
			1 + greatest(0, t.failures - :rate * extract(epoch FROM clock_timestamp() - t.updated_at)::float8)""";

	/** A bucket that every failure fills by one and that time empties. */
	private static final String FILL = """
			INSERT INTO auth.throttle AS t (key, failures, blocked_until, updated_at)
			VALUES (:key, 1, CASE WHEN :capacity > 1 THEN '-infinity'
			  ELSE clock_timestamp() + make_interval(secs => 1 / :rate) END, clock_timestamp())
			ON CONFLICT (key) DO UPDATE SET
			  failures = %1$s,
			  blocked_until = CASE WHEN %1$s < :capacity THEN '-infinity'
			    ELSE clock_timestamp() + make_interval(secs => (%1$s + 1 - :capacity) / :rate) END,
			  updated_at = clock_timestamp()
			WHERE t.blocked_until <= clock_timestamp()""".formatted(LEVEL);

	private static final String EMPTY_BY_ONE = """
			UPDATE auth.throttle SET failures = greatest(0, failures - 1),
			  blocked_until = CASE WHEN failures - 1 < :capacity THEN '-infinity' ELSE blocked_until END
			WHERE key = :key""";

	private static final String WAIT = """
			SELECT extract(epoch FROM blocked_until - clock_timestamp())::float8 AS wait FROM auth.throttle
			WHERE key = :key AND blocked_until > clock_timestamp()""";

	private final Database database;

	private final double capacity;

	private final double rate;

	AddressBucket(Database database, ProtectionSettings settings) {
		this.database = database;
		this.capacity = settings.addressFailures();
		this.rate = settings.addressFailuresPerMinute() / 60.0;
	}

	/**
	 * Counts one, unless there is a wait.
	 * @return whether it was counted
	 */
	Mono<Boolean> fill(DatabaseClient client, byte[] key) {
		return client.sql(FILL)
			.bind("key", key)
			.bind("capacity", this.capacity)
			.bind("rate", this.rate)
			.fetch()
			.rowsUpdated()
			.map((rows) -> rows > 0);
	}

	/**
	 * Counts one; if there is a wait, that wait, and nothing is counted.
	 */
	Mono<Duration> take(byte[] key) {
		return this.database.one((client) -> fill(client, key))
			.flatMap((counted) -> counted ? Mono.empty() : toWait(key).defaultIfEmpty(Duration.ofSeconds(1)));
	}

	/**
	 * Takes back one that was counted.
	 */
	Mono<Void> giveBack(byte[] key) {
		return this.database
			.one((client) -> client.sql(EMPTY_BY_ONE).bind("key", key).bind("capacity", this.capacity).then());
	}

	private Mono<Duration> toWait(byte[] key) {
		return this.database.one((client) -> client.sql(WAIT)
			.bind("key", key)
			.map((row) -> FailureCounters.seconds(row.get("wait", Double.class)))
			.one());
	}

}
