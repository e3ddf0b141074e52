package com.deliveryservice.authgateway.session;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.session.*}.
 *
 * @param refreshOverlap how long a used refresh token still gets its unused successor
 * @param outageGrace how long past the end of workflow-auth's session token a refresh
 * works while workflow-auth is away
 * @param refreshesPerMinute of one session, on all replicas together
 */
@ConfigurationProperties("auth-gateway.session")
public record SessionSettings(@DefaultValue("10m") Duration refreshOverlap, @DefaultValue("4h") Duration outageGrace,
		@DefaultValue("30") int refreshesPerMinute) {

	public SessionSettings {
		check(refreshOverlap, "refresh-overlap", Duration.ofHours(1));
		check(outageGrace, "outage-grace", Duration.ofDays(7));
		if (refreshesPerMinute < 1 || refreshesPerMinute > 10_000) {
			throw new IllegalArgumentException(
					"auth-gateway.session.refreshes-per-minute: " + refreshesPerMinute + " (expected 1 to 10000)");
		}
	}

	private static void check(Duration value, String name, Duration longest) {
		if (value.isNegative() || value.compareTo(longest) > 0) {
			throw new IllegalArgumentException(
					"auth-gateway.session." + name + ": " + value + " (expected 0s to " + longest.toHours() + "h)");
		}
	}

}
