package com.deliveryservice.authgateway.key;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.token.*}: how long an access token lives, and so how long keys and
 * knowledge of ended sessions must outlive it. It is here because a key must outlive what
 * it signed.
 *
 * @param lifetime of an access token
 * @param audience {@code aud} of access tokens
 * @param clockSkew how far two replicas' clocks may differ
 * @param outageGrace how long past its expiry a token still passes while this replica
 * cannot reach the database; 0 switches it off
 */
@ConfigurationProperties("auth-gateway.token")
public record TokenSettings(@DefaultValue("5m") Duration lifetime, @DefaultValue("delivery-api") String audience,
		@DefaultValue("10s") Duration clockSkew, @DefaultValue("15m") Duration outageGrace) {

	private static final String PREFIX = "auth-gateway.token.";

	public TokenSettings {
		if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(Duration.ofHours(1)) > 0) {
			throw new IllegalArgumentException(PREFIX + "lifetime: " + lifetime + " (expected 1s to 1h)");
		}
		if (audience.isBlank() || audience.length() > 200) {
			throw new IllegalArgumentException(
					PREFIX + "audience: " + audience + " (expected a name of at most 200 characters)");
		}
		if (clockSkew.isNegative() || clockSkew.compareTo(Duration.ofMinutes(5)) > 0) {
			throw new IllegalArgumentException(PREFIX + "clock-skew: " + clockSkew + " (expected 0s to 5m)");
		}
		if (outageGrace.isNegative() || outageGrace.compareTo(Duration.ofHours(24)) > 0) {
			throw new IllegalArgumentException(PREFIX + "outage-grace: " + outageGrace + " (expected 0s to 24h)");
		}
	}

	/**
	 * The longest time after its minting in which a token may still pass. Ended sessions
	 * and retired keys are kept for this long.
	 */
	public Duration longestUse() {
		return this.lifetime.plus(this.outageGrace).plus(this.clockSkew);
	}

}
