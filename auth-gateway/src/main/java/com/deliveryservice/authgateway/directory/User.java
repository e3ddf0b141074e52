package com.deliveryservice.authgateway.directory;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A person with an account.
 *
 * @param id the user's id
 * @param login as the person wrote it
 * @param email or {@code null}
 * @param phoneNumber E.164, or {@code null}
 * @param userType the user type's name
 * @param status whether the user may sign in
 * @param createdAt when the sign-up was verified
 */
public record User(UUID id, String login, @Nullable String email, @Nullable String phoneNumber, String userType,
		Status status, Instant createdAt) {

	/**
	 * Whether a user may sign in.
	 */
	public enum Status {

		ACTIVE, SUSPENDED

	}

}
