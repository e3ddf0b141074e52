package com.deliveryservice.authgateway.protection;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * How many refreshes an address may ask for in a minute: on this replica and in memory,
 * since it only keeps a client in a loop off the database. A bucket that each one fills
 * and time empties; of an IPv6 address the /64 counts.
 */
@Component
public class RefreshLimit {

	private static final double MINUTE_MILLIS = 60_000;

	/** Beyond it the least used are forgotten; about 150 bytes each. */
	private static final int ADDRESSES = 100_000;

	private static final int NETWORK_BYTES = 8;

	private final int perMinute;

	private final Clock clock;

	private final Cache<ByteBuffer, Bucket> buckets = Caffeine.newBuilder()
		.maximumSize(ADDRESSES)
		.expireAfterAccess(Duration.ofMinutes(2))
		.build();

	public RefreshLimit(RefreshLimitSettings settings, Clock clock) {
		this.perMinute = settings.perMinuteAndAddress();
		this.clock = clock;
	}

	/**
	 * Counts one more.
	 * @param address the client's
	 * @return how long to wait, if it is one too many, else {@code null}
	 */
	public @Nullable Duration take(InetAddress address) {
		long now = this.clock.millis();
		Bucket filled = Objects.requireNonNull(this.buckets.asMap()
			.compute(network(address),
					(key, bucket) -> (bucket != null) ? after(bucket, now) : new Bucket(1, now, true)));
		if (filled.admitted()) {
			return null;
		}
		double over = filled.level() + 1 - this.perMinute;
		return Duration.ofMillis((long) Math.ceil(Math.max(1, over * MINUTE_MILLIS / this.perMinute)));
	}

	private Bucket after(Bucket bucket, long now) {
		double emptied = Math.max(0, now - bucket.at()) * this.perMinute / MINUTE_MILLIS;
		double level = Math.max(0, bucket.level() - emptied);
		boolean admitted = level + 1 <= this.perMinute;
		return new Bucket(admitted ? level + 1 : level, now, admitted);
	}

	/**
	 * A customer of an IPv6 provider has a /64.
	 */
	private static ByteBuffer network(InetAddress address) {
		byte[] bytes = address.getAddress();
		return ByteBuffer.wrap((address instanceof Inet6Address) ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
	}

	/**
	 * One address.
	 *
	 * @param level how full it is, 0 to the limit
	 * @param at when it was so, in ms since 1970
	 * @param admitted whether the last one went in
	 */
	private record Bucket(double level, long at, boolean admitted) {

	}

}
