package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long the hashes of other systems take here, each kind as a moving average: as long
 * as there are such hashes, every refusal has to take as long as the slowest, or those
 * who have one could be told by their time.
 */
final class ForeignHashTimes {

	/** Of the time of the last ones: how much each is worth. */
	private static final int MEMORY = 4;

	/** How many times as long as usual one counts at most: a pause is none. */
	private static final int OUTLIER = 2;

	/** What is seldom exceeded, as a multiple of the average: five quarters. */
	private static final int QUARTERS = 5;

	/** An import refuses what costs more than half of it. */
	private static final long LONGEST_NANOS = Duration.ofSeconds(1).toNanos();

	/** More than an import of one system has. */
	private static final int MOST_KINDS = 64;

	private final Map<String, Long> usual = new ConcurrentHashMap<>();

	/**
	 * There are no such hashes any more.
	 */
	void forget() {
		this.usual.clear();
	}

	/**
	 * Takes note of one.
	 * @param kind {@link com.deliveryservice.authgateway.password.PasswordHash#kind}
	 * @param nanos how long one took
	 */
	void took(String kind, long nanos) {
		if (this.usual.containsKey(kind) || this.usual.size() < MOST_KINDS) {
			this.usual.merge(kind, nanos, (known, now) -> known + (Math.min(now, OUTLIER * known) - known) / MEMORY);
		}
	}

	/**
	 * How long the slowest takes, with something to spare.
	 * @param hashes how many of them are computed for such a password: where it is not in
	 * NFC, two
	 * @return zero if there are no such hashes
	 */
	Duration longest(int hashes) {
		long longest = this.usual.values().stream().mapToLong(Long::longValue).max().orElse(0);
		return Duration.ofNanos(Math.min(LONGEST_NANOS, hashes * longest * QUARTERS / 4));
	}

}
