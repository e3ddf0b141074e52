package com.deliveryservice.authgateway.chain;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.audit.*}.
 *
 * @param retention how long events are kept
 * @param lostKeyId the id of a key that the chain ends under and that is lost for good:
 * it goes on under the present one all the same
 */
@ConfigurationProperties("auth-gateway.audit")
public record AuditSettings(@DefaultValue("400d") Duration retention, @Nullable String lostKeyId) {

	private static final String PREFIX = "auth-gateway.audit.";

	private static final Duration SHORTEST = Duration.ofDays(1);

	private static final Duration LONGEST = Duration.ofDays(3660);

	public AuditSettings {
		lostKeyId = (lostKeyId == null || lostKeyId.isBlank()) ? null : lostKeyId.trim();
		if (retention.compareTo(SHORTEST) < 0 || retention.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(PREFIX + "retention: " + retention + " (expected 1d to 3660d)");
		}
		if (lostKeyId != null && !lostKeyId.matches("[0-9a-f]{16}")) {
			throw new IllegalArgumentException(
					PREFIX + "lost-key-id: " + lostKeyId + " (expected 16 hexadecimal digits, as the log gives them)");
		}
	}

}
