package com.deliveryservice.authgateway.identity;

import java.time.Duration;
import java.util.Set;

/**
 * A kind of user, and what comes with it.
 *
 * @param name such as {@code customer}
 * @param scope its scopes separated by single spaces, in the configured order
 * @param scopes the same scopes
 * @param manages the user types it may manage
 * @param session the limits of its sessions
 */
public record UserType(String name, String scope, Set<String> scopes, Set<String> manages, SessionLimits session) {

	public UserType {
		scopes = Set.copyOf(scopes);
		manages = Set.copyOf(manages);
	}

	/**
	 * How long a session lives and how many a user may have.
	 *
	 * @param idle without a refresh or an open stream
	 * @param absolute however active, at least {@code idle}
	 * @param max sessions of one user at once, at least 1; one more ends the oldest
	 */
	public record SessionLimits(Duration idle, Duration absolute, int max) {

	}

}
