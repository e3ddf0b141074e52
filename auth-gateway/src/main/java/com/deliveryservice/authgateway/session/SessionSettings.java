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
 */
@ConfigurationProperties("auth-gateway.session")
public record SessionSettings(@DefaultValue("10m") Duration refreshOverlap, @DefaultValue("4h") Duration outageGrace) {

	public SessionSettings {
		check(refreshOverlap, "refresh-overlap", Duration.ofHours(1));
		check(outageGrace, "outage-grace", Duration.ofDays(7));
	}

	private static void check(Duration value, String name, Duration longest) {
		if (value.isNegative() || value.compareTo(longest) > 0) {
			throw new IllegalArgumentException(
					"auth-gateway.session." + name + ": " + value + " (expected 0s to " + longest.toHours() + "h)");
		}
	}

}
