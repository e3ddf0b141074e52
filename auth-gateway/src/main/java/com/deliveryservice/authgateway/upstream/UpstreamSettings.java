package com.deliveryservice.authgateway.upstream;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.upstream.*}: bounds of the connections to one backend.
 *
 * @param maxConnections open at once
 * @param maxStreams event streams, WebSockets and gRPC streams beside them
 * @param maxWaiting requests that wait for one
 * @param maxWait how long they wait
 * @param idle how long an unused one is kept: shorter than the backend's keep-alive
 * @param breakerFailures how many failures in a row open a backend's breaker
 * @param sslBundle the {@code spring.ssl.bundle} that says whom to trust; left out for
 * what the JVM trusts
 * @param maxLife how long any is kept, so that DNS changes are followed
 */
@ConfigurationProperties("auth-gateway.upstream")
public record UpstreamSettings(@DefaultValue("200") int maxConnections, @DefaultValue("10000") int maxStreams,
		@DefaultValue("100") int maxWaiting, @DefaultValue("500ms") Duration maxWait,
		@DefaultValue("5") int breakerFailures, @Nullable String sslBundle, @DefaultValue("20s") Duration idle,
		@DefaultValue("5m") Duration maxLife) {

	public UpstreamSettings {
		check(maxConnections >= 1, "max-connections", maxConnections, "1 or more");
		check(maxStreams >= 0, "max-streams", maxStreams, "0 or more");
		check(maxWaiting >= 0, "max-waiting", maxWaiting, "0 or more");
		check(breakerFailures >= 1, "breaker-failures", breakerFailures, "1 or more");
		check(isPositive(maxWait), "max-wait", maxWait, "a positive duration");
		check(isPositive(idle), "idle", idle, "a positive duration");
		check(isPositive(maxLife), "max-life", maxLife, "a positive duration");
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isZero() && !duration.isNegative();
	}

	private static void check(boolean right, String name, Object value, String expected) {
		if (!right) {
			throw new IllegalArgumentException(
					"auth-gateway.upstream." + name + ": " + value + " (expected " + expected + ")");
		}
	}

}
