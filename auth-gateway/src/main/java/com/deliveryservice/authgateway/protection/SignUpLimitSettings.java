package com.deliveryservice.authgateway.protection;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.protection.sign-up.*}: how many sign-ups.
 *
 * @param perAddressAndHour from one address (IPv6: /64); many people may share one
 * @param perContactAndHour to one e-mail or phone
 * @param perContactAndDay to one e-mail or phone
 */
@ConfigurationProperties("auth-gateway.protection.sign-up")
public record SignUpLimitSettings(@DefaultValue("200") int perAddressAndHour, @DefaultValue("3") int perContactAndHour,
		@DefaultValue("10") int perContactAndDay) {

	private static final String PREFIX = "auth-gateway.protection.sign-up.";

	public SignUpLimitSettings {
		check("per-address-and-hour", perAddressAndHour);
		check("per-contact-and-hour", perContactAndHour);
		check("per-contact-and-day", perContactAndDay);
	}

	private static void check(String name, int value) {
		if (value < 1) {
			throw new IllegalArgumentException(PREFIX + name + ": " + value + " (expected 1 or more)");
		}
	}

}
