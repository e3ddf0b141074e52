package com.deliveryservice.authgateway.revocation;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.revocation.*}.
 *
 * @param pollEvery how often ended sessions are read, beside the notifications
 * @param maxStaleness how old this replica's knowledge may become before routes with
 * {@code on-stale-revocation: deny} refuse
 */
@ConfigurationProperties("auth-gateway.revocation")
public record RevocationSettings(@DefaultValue("5s") Duration pollEvery, @DefaultValue("60s") Duration maxStaleness) {

	private static final String PREFIX = "auth-gateway.revocation.";

	public RevocationSettings {
		if (pollEvery.compareTo(Duration.ofMillis(100)) < 0 || pollEvery.compareTo(Duration.ofMinutes(1)) > 0) {
			throw new IllegalArgumentException(PREFIX + "poll-every: " + pollEvery + " (expected 100ms to 1m)");
		}
		if (maxStaleness.compareTo(pollEvery) <= 0) {
			throw new IllegalArgumentException(
					PREFIX + "max-staleness: " + maxStaleness + " (expected more than poll-every, " + pollEvery + ")");
		}
	}

}
