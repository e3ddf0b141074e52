package com.deliveryservice.authgateway.directory;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The auth backend.
 *
 * @param enabled whether {@code /Auth/*} is served
 * @param requireCredentials whether its callers need the role {@code directory}; an old
 * workflow-auth can send no credentials
 * @param sessionTokenLifetime how long a session token lives that the auth backend gives
 * out itself
 * @param hashing the bounds of password hashing
 */
@ConfigurationProperties("auth-gateway.directory")
public record DirectorySettings(@DefaultValue("true") boolean enabled, @DefaultValue("true") boolean requireCredentials,
		@DefaultValue("5h") Duration sessionTokenLifetime, @DefaultValue Hashing hashing) {

	private static final String PREFIX = "auth-gateway.directory.";

	public DirectorySettings {
		if (sessionTokenLifetime.compareTo(Duration.ofMinutes(1)) < 0) {
			throw new IllegalArgumentException(
					PREFIX + "session-token-lifetime: " + sessionTokenLifetime + " (expected 1m or more)");
		}
	}

	/**
	 * How much password hashing at once: each one takes 19 MiB and a core for about 25
	 * ms.
	 *
	 * @param permits at once, 1 to 256; {@code null}: as many as cores
	 * @param queue more that may wait, 0 to 10,000
	 * @param maxWait until one fails that waited, 1 ms to 1 minute
	 */
	public record Hashing(@Nullable Integer permits, @DefaultValue("50") int queue,
			@DefaultValue("1s") Duration maxWait) {

		public Hashing {
			if (permits != null && (permits < 1 || permits > 256)) {
				throw new IllegalArgumentException(PREFIX + "hashing.permits: " + permits + " (expected 1 to 256)");
			}
			if (queue < 0 || queue > 10_000) {
				throw new IllegalArgumentException(PREFIX + "hashing.queue: " + queue + " (expected 0 to 10000)");
			}
			if (maxWait.toMillis() < 1 || maxWait.compareTo(Duration.ofMinutes(1)) > 0) {
				throw new IllegalArgumentException(PREFIX + "hashing.max-wait: " + maxWait + " (expected 1ms to 1m)");
			}
		}

		int permitsOrCores() {
			return (this.permits != null) ? this.permits : Runtime.getRuntime().availableProcessors();
		}

	}

}
