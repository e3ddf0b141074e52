package com.deliveryservice.authgateway.account;

import java.util.UUID;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The token response of RFC 6749 §5.1 with the further members of contract/client-api.md.
 * Never prints itself.
 *
 * @param accessToken for the Authorization header
 * @param tokenType always {@code Bearer}
 * @param expiresIn of the access token, in seconds
 * @param refreshToken good for one refresh
 * @param refreshExpiresIn of the refresh token, in seconds
 * @param scope separated by spaces
 * @param sessionId the session's id
 * @param deviceToken to be sent with this device's next sign-in
 * @param user who signed in
 */
@JsonNaming(SnakeCaseStrategy.class)
record TokenAnswer(String accessToken, String tokenType, long expiresIn, String refreshToken, long refreshExpiresIn,
		String scope, UUID sessionId, String deviceToken, SignedInUser user) {

	@Override
	public String toString() {
		return "TokenAnswer[sessionId=" + this.sessionId + "]";
	}

	/**
	 * Who signed in.
	 *
	 * @param id the user's id
	 * @param login as the person wrote it when signing up
	 * @param userType the user type's name
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record SignedInUser(UUID id, String login, String userType) {

	}

}
