package com.deliveryservice.authgateway.protection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;

import reactor.core.publisher.Mono;

/**
 * Failures of one account or one device, with a wait that doubles from one to the next;
 * each change is one conditional statement on the database's clock.
 * {@code clock_timestamp()} and not {@code now()}: a statement that waited for a row's
 * lock must see the wait that the other one set.
 */
class FailureCounters {

	/** Seconds until a counter without further failures is as good as none. */
	static final double FORGOTTEN_AFTER = 24 * 60 * 60;

	private static final String FAIL = """
			INSERT INTO auth.throttle AS t (key, failures, blocked_until, updated_at)
			VALUES (:key, 1, '-infinity', clock_timestamp())
			ON CONFLICT (key) DO UPDATE SET
			  failures = CASE WHEN %1$s THEN 1 ELSE t.failures + 1 END,
			  blocked_until = CASE WHEN %1$s OR t.failures < :free THEN '-infinity'
			    ELSE clock_timestamp() + make_interval(secs =>
			      least(:longest, power(2::float8, least(t.failures - :free, 30)))) END,
			  updated_at = clock_timestamp()
			WHERE t.blocked_until <= clock_timestamp() AND (t.failures < :most OR %1$s)"""
		.formatted("t.updated_at < clock_timestamp() - make_interval(secs => :forgotten)");

	private final ProtectionSettings settings;

	FailureCounters(ProtectionSettings settings) {
		this.settings = settings;
	}

	/**
	 * Counts a failure, unless there is a wait or there were too many.
	 * @param most how many are counted at all
	 * @return whether it was counted
	 */
	Mono<Boolean> fail(DatabaseClient client, byte[] key, double most) {
		return client.sql(FAIL)
			.bind("key", key)
			.bind("free", (double) this.settings.freeFailures())
			.bind("longest", (double) this.settings.longestWait().toSeconds())
			.bind("forgotten", FORGOTTEN_AFTER)
			.bind("most", most)
			.fetch()
			.rowsUpdated()
			.map((rows) -> rows > 0);
	}

	/**
	 * A wait of so many seconds, rounded up to a millisecond.
	 */
	static Duration seconds(@Nullable Double seconds) {
		return Duration.ofMillis((seconds != null) ? Math.max(1, (long) Math.ceil(seconds * 1000)) : 1);
	}

}
