package com.deliveryservice.authgateway.account;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.sign-up.*}.
 *
 * @param enabled whether customers may sign up by themselves; everybody else needs an
 * invitation anyway
 * @param codeLifetime how long a code is good, 1 s to 1 day
 * @param codeAttempts how many wrong codes close a sign-up, 1 to 10
 * @param forbiddenPasswords words of the company that are no password, whatever case,
 * digits and signs surround them
 */
@ConfigurationProperties("auth-gateway.sign-up")
record SignUpSettings(@DefaultValue("true") boolean enabled, @DefaultValue("10m") Duration codeLifetime,
		@DefaultValue("5") int codeAttempts, @DefaultValue( {
				"delivery", "deliveryservice", "authgateway" }) List<String> forbiddenPasswords){

	private static final String PREFIX = "auth-gateway.sign-up.";

	SignUpSettings {
		if (codeLifetime.compareTo(Duration.ofSeconds(1)) < 0 || codeLifetime.compareTo(Duration.ofDays(1)) > 0) {
			throw new IllegalArgumentException(PREFIX + "code-lifetime: " + codeLifetime + " (expected 1s to 1d)");
		}
		if (codeAttempts < 1 || codeAttempts > 10) {
			throw new IllegalArgumentException(PREFIX + "code-attempts: " + codeAttempts + " (expected 1 to 10)");
		}
		forbiddenPasswords = List.copyOf(forbiddenPasswords);
	}

}
