package com.deliveryservice.authgateway.protection;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.protection.password-reset.*}: how many resets may be asked for.
 *
 * @param perAddressAndHour from one address (IPv6: /64); many people may share one
 * @param perAccountAndHour for one login, or by one known device
 * @param perAccountAndDay for one login, or by one known device
 */
@ConfigurationProperties("auth-gateway.protection.password-reset")
public record PasswordResetLimitSettings(@DefaultValue("100") int perAddressAndHour,
		@DefaultValue("3") int perAccountAndHour, @DefaultValue("10") int perAccountAndDay) {

	private static final String PREFIX = "auth-gateway.protection.password-reset.";

	public PasswordResetLimitSettings {
		check("per-address-and-hour", perAddressAndHour);
		check("per-account-and-hour", perAccountAndHour);
		check("per-account-and-day", perAccountAndDay);
	}

	private static void check(String name, int value) {
		if (value < 1) {
			throw new IllegalArgumentException(PREFIX + name + ": " + value + " (expected 1 or more)");
		}
	}

}
