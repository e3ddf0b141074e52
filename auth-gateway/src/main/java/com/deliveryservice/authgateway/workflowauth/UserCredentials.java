package com.deliveryservice.authgateway.workflowauth;

import org.jspecify.annotations.Nullable;

/**
 * What workflow-auth is told about a person. Never prints the password.
 *
 * @param login as the person wrote it
 * @param email the contact to verify, or {@code null}
 * @param phoneNumber the contact to verify (E.164), or {@code null}
 * @param password in clear
 * @param userType the user type, or {@code null}
 */
public record UserCredentials(String login, @Nullable String email, @Nullable String phoneNumber, String password,
		@Nullable String userType) {

	@Override
	public String toString() {
		return "UserCredentials[…]";
	}

}
