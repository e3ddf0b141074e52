package com.deliveryservice.authgateway.account;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The body of {@code PUT /auth/password}. Never prints itself.
 *
 * @param currentPassword in clear
 * @param newPassword in clear
 */
@JsonNaming(SnakeCaseStrategy.class)
record PasswordChangeRequest(@Nullable String currentPassword, @Nullable String newPassword) {

	@Override
	public String toString() {
		return "PasswordChangeRequest[…]";
	}

}
