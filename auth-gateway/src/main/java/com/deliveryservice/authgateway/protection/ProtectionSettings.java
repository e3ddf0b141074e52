package com.deliveryservice.authgateway.protection;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.protection.*}: how many sign-ins may fail.
 *
 * @param freeFailures failures of one account, or of one known device, without a wait;
 * each one more doubles the wait, from one second on
 * @param longestWait the most that one has to wait
 * @param addressFailures failures from one address (IPv6: /64) at once
 * @param addressFailuresPerMinute how many of them are forgotten each minute
 * @param addressAccounts at how many accounts one address may fail within a quarter of an
 * hour; one that it signs in to does not count any more
 * @param deviceFailures failures of one known device until its token is worth nothing for
 * a day
 */
@ConfigurationProperties("auth-gateway.protection.sign-in")
public record ProtectionSettings(@DefaultValue("5") int freeFailures, @DefaultValue("15m") Duration longestWait,
		@DefaultValue("100") int addressFailures, @DefaultValue("20") int addressFailuresPerMinute,
		@DefaultValue("40") int addressAccounts, @DefaultValue("10") int deviceFailures) {

	static final Duration SPRAY_WINDOW = Duration.ofMinutes(15);

	private static final String PREFIX = "auth-gateway.protection.sign-in.";

	public ProtectionSettings {
		check(freeFailures >= 1 && freeFailures <= 100, "free-failures", freeFailures, "1 to 100");
		check(longestWait.compareTo(Duration.ofSeconds(1)) >= 0 && longestWait.compareTo(Duration.ofHours(1)) <= 0,
				"longest-wait", longestWait, "1s to 1h");
		check(addressFailures >= 1, "address-failures", addressFailures, "1 or more");
		check(addressFailuresPerMinute >= 1, "address-failures-per-minute", addressFailuresPerMinute, "1 or more");
		check(addressAccounts >= 1 && addressAccounts <= 10_000, "address-accounts", addressAccounts, "1 to 10000");
		check(deviceFailures >= 1 && deviceFailures <= 100, "device-failures", deviceFailures, "1 to 100");
	}

	private static void check(boolean right, String property, Object value, String expected) {
		if (!right) {
			throw new IllegalArgumentException(PREFIX + property + ": " + value + " (expected " + expected + ")");
		}
	}

}
