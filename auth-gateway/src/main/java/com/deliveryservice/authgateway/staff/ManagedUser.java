package com.deliveryservice.authgateway.staff;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A user as staff sees it.
 *
 * @param id the user's id
 * @param login as the person wrote it
 * @param email or {@code null}
 * @param phoneNumber or {@code null}
 * @param userType the user type's name
 * @param status {@code active} or {@code suspended}
 * @param createdAt when the sign-up was verified
 * @param lastSignInAt or {@code null} if there was none yet
 */
@JsonNaming(SnakeCaseStrategy.class)
record ManagedUser(UUID id, String login, @Nullable String email, @Nullable String phoneNumber, String userType,
		String status, Instant createdAt, @Nullable Instant lastSignInAt) {

	static final String ADMIN = "admin";

	static final String ACTIVE = "active";

	static final String SUSPENDED = "suspended";

}
