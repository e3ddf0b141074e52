package com.deliveryservice.authgateway.session;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What a session is opened with.
 *
 * @param userId the signed-in user
 * @param userType the user's type, a known one
 * @param deviceName at most 100 characters, or {@code null}
 * @param ip the client's address
 * @param workflowTokenGuid workflow-auth's session token; only a digest of it is stored
 * @param workflowTokenEndsAt when that token ends
 */
public record NewSession(UUID userId, String userType, @Nullable String deviceName, String ip, UUID workflowTokenGuid,
		Instant workflowTokenEndsAt) {

	@Override
	public String toString() {
		return "NewSession[userId=" + this.userId + "]";
	}

}
