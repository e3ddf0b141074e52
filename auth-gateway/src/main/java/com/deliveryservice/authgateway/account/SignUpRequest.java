package com.deliveryservice.authgateway.account;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The body of {@code POST /auth/sign-up}: all that a client can say about a user. Never
 * prints itself.
 *
 * @param login as the person wrote it
 * @param email or {@code null}
 * @param phoneNumber or {@code null}
 * @param password in clear
 * @param invitation the secret of an invitation, or {@code null}
 */
@JsonNaming(SnakeCaseStrategy.class)
record SignUpRequest(@Nullable String login, @Nullable String email, @Nullable String phoneNumber,
		@Nullable String password, @Nullable String invitation) {

	@Override
	public String toString() {
		return "SignUpRequest[…]";
	}

}
