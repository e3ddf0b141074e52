package com.deliveryservice.authgateway.identity;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * {@code auth-gateway.user-types.<type>} as configured; what is left out has the default
 * of contract/configuration.md.
 *
 * @param userTypes by name; {@code null} if nothing is configured
 */
@ConfigurationProperties("auth-gateway")
public record UserTypesSettings(@Nullable Map<String, Entry> userTypes) {

	/**
	 * One user type.
	 *
	 * @param scopes its scopes
	 * @param manages names of user types, or {@code all}
	 * @param session the limits of its sessions
	 */
	public record Entry(@Nullable List<String> scopes, @Nullable List<String> manages, @Nullable Limits session) {

	}

	/**
	 * Limits of a user type's sessions.
	 *
	 * @param idle longest time without use
	 * @param absolute longest life
	 * @param max most sessions at once
	 */
	public record Limits(@Nullable Duration idle, @Nullable Duration absolute, @Nullable Integer max) {

	}

}
