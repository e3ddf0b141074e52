package com.deliveryservice.authgateway.protection;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.DatabaseUnavailableException;

import reactor.core.publisher.Mono;

import io.r2dbc.spi.Readable;

/**
 * The counters behind the throttle, each change one conditional statement on the
 * database's clock. {@code clock_timestamp()} and not {@code now()}: a statement that
 * waited for a row's lock must see the wait that the other one set.
 */
class ThrottleCounters {

	/** Seconds until a counter with failures and no further ones is as good as none. */
	private static final double FORGOTTEN_AFTER = 24 * 60 * 60;

	/** A sign-in has to be refused within a second when the database is away. */
	private static final Duration DEADLINE = Duration.ofMillis(900);

	private static final String LONGEST_WAIT = """
			SELECT extract(epoch FROM max(blocked_until) - clock_timestamp())::float8 AS wait
			FROM auth.throttle WHERE key IN (:keys) AND blocked_until > clock_timestamp()
			HAVING count(*) > 0""";

	private static final String FAIL_UNLESS_WAITING = """
			INSERT INTO auth.throttle AS t (key, failures, blocked_until, updated_at)
			VALUES (:key, 1, '-infinity', clock_timestamp())
			ON CONFLICT (key) DO UPDATE SET
			  failures = CASE WHEN t.updated_at < clock_timestamp() - make_interval(secs => :forgotten) THEN 1
			    ELSE t.failures + 1 END,
			  blocked_until = CASE
			    WHEN t.updated_at < clock_timestamp() - make_interval(secs => :forgotten) THEN '-infinity'
			    WHEN t.failures < :free THEN '-infinity'
			    ELSE clock_timestamp() + make_interval(secs =>
			      least(:longest, power(2::float8, least(t.failures - :free, 30)))) END,
			  updated_at = clock_timestamp()
			WHERE t.blocked_until <= clock_timestamp()""";

	private static final String FORGET_UNLESS_WAITING = """
			WITH forgotten AS (DELETE FROM auth.throttle WHERE key = :key AND blocked_until <= clock_timestamp())
			SELECT extract(epoch FROM blocked_until - clock_timestamp())::float8 AS wait
			FROM auth.throttle WHERE key = :key AND blocked_until > clock_timestamp()""";

	/** What is in the bucket with one failure more. */
	private static final String LEVEL = """
			least(2 * :capacity, 1 + greatest(0,
			  t.failures - :rate * extract(epoch FROM clock_timestamp() - t.updated_at)::float8))""";

	/** A bucket that every failure fills by one and that time empties. */
	private static final String FILL_BY_FAILURE = """
			INSERT INTO auth.throttle AS t (key, failures, blocked_until, updated_at)
			VALUES (:key, 1, '-infinity', clock_timestamp())
			ON CONFLICT (key) DO UPDATE SET
			  failures = %1$s,
			  blocked_until = CASE WHEN %1$s < :capacity THEN '-infinity'
			    ELSE clock_timestamp() + make_interval(secs => (%1$s + 1 - :capacity) / :rate) END,
			  updated_at = clock_timestamp()""".formatted(LEVEL);

	private static final String FILL_UNLESS_WAITING = FILL_BY_FAILURE + " WHERE t.blocked_until <= clock_timestamp()";

	private static final String EMPTY_BY_ONE = """
			UPDATE auth.throttle SET failures = greatest(0, failures - 1),
			  blocked_until = CASE WHEN failures - 1 < :capacity THEN '-infinity' ELSE blocked_until END
			WHERE key = :key""";

	private static final String PURGE = """
			DELETE FROM auth.throttle WHERE key IN (
			  SELECT key FROM auth.throttle
			  WHERE updated_at < clock_timestamp() - make_interval(secs => :forgotten)
			  ORDER BY updated_at LIMIT 5000 FOR UPDATE SKIP LOCKED)""";

	private final Database database;

	private final ProtectionSettings settings;

	ThrottleCounters(Database database, ProtectionSettings settings) {
		this.database = database;
		this.settings = settings;
	}

	/**
	 * The longest that any of these has to wait; empty if none has to.
	 */
	Mono<Duration> longestWait(List<byte[]> keys) {
		return soon(this.database
			.one((client) -> client.sql(LONGEST_WAIT).bind("keys", keys).map(ThrottleCounters::duration).one()));
	}

	/**
	 * Counts a failure; if there is a wait, that wait, and nothing is counted.
	 */
	Mono<Duration> failUnlessWaiting(byte[] key) {
		Mono<Long> counted = this.database.one((client) -> client.sql(FAIL_UNLESS_WAITING)
			.bind("key", key)
			.bind("free", (double) this.settings.freeFailures())
			.bind("longest", (double) this.settings.longestWait().toSeconds())
			.bind("forgotten", FORGOTTEN_AFTER)
			.fetch()
			.rowsUpdated());
		return soon(counted).flatMap(
				(rows) -> (rows > 0) ? Mono.empty() : longestWait(List.of(key)).defaultIfEmpty(Duration.ofSeconds(1)));
	}

	/**
	 * Forgets the failures; if there is a wait, that wait, and nothing is forgotten.
	 */
	Mono<Duration> forgetUnlessWaiting(byte[] key) {
		return soon(this.database
			.one((client) -> client.sql(FORGET_UNLESS_WAITING).bind("key", key).map(ThrottleCounters::duration).one()));
	}

	/**
	 * Counts a failure in a bucket.
	 */
	Mono<Void> fillByFailure(byte[] key) {
		return fill(FILL_BY_FAILURE, key).then();
	}

	/**
	 * Counts in a bucket; if there is a wait, that wait, and nothing is counted.
	 */
	Mono<Duration> fillUnlessWaiting(byte[] key) {
		return fill(FILL_UNLESS_WAITING, key).flatMap(
				(rows) -> (rows > 0) ? Mono.empty() : longestWait(List.of(key)).defaultIfEmpty(Duration.ofSeconds(1)));
	}

	/**
	 * Takes back what was counted in a bucket, once.
	 */
	Mono<Void> emptyByOne(byte[] key) {
		return soon(this.database.one((client) -> client.sql(EMPTY_BY_ONE)
			.bind("key", key)
			.bind("capacity", (double) this.settings.addressFailures())
			.then()));
	}

	/**
	 * Forgets the failures and a wait.
	 */
	Mono<Void> forget(byte[] key) {
		return soon(this.database
			.one((client) -> client.sql("DELETE FROM auth.throttle WHERE key = :key").bind("key", key).then()));
	}

	/**
	 * Deletes a batch of counters that count no more.
	 * @return how many
	 */
	Mono<Long> purge() {
		return this.database
			.one((client) -> client.sql(PURGE).bind("forgotten", FORGOTTEN_AFTER).fetch().rowsUpdated());
	}

	private Mono<Long> fill(String statement, byte[] key) {
		return soon(this.database.one((client) -> client.sql(statement)
			.bind("key", key)
			.bind("capacity", (double) this.settings.addressFailures())
			.bind("rate", this.settings.addressFailuresPerMinute() / 60.0)
			.fetch()
			.rowsUpdated()));
	}

	private static Duration duration(Readable row) {
		Double seconds = row.get("wait", Double.class);
		return Duration.ofMillis((seconds != null) ? Math.max(1, (long) Math.ceil(seconds * 1000)) : 1);
	}

	private static <T> Mono<T> soon(Mono<T> statement) {
		return statement.timeout(DEADLINE).onErrorMap(TimeoutException.class, DatabaseUnavailableException::new);
	}

}
