package com.deliveryservice.authgateway.identity;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * Who calls, as a verified access token says. Holds nothing that can change during the
 * token's life: whether the session has ended is asked each time.
 *
 * @param userId the user's id (claim {@code sub})
 * @param userType the user type (claim {@code user_type})
 * @param scope the scopes, separated by single spaces, in the token's order (claim
 * {@code scope})
 * @param scopes the same scopes as a set
 * @param sessionId the session's id (claim {@code sid})
 * @param expiresAt when the token ends (claim {@code exp})
 * @param sessionExpiresAt the session's absolute end (claim {@code session_exp})
 */
public record Caller(UUID userId, String userType, String scope, Set<String> scopes, UUID sessionId, Instant expiresAt,
		Instant sessionExpiresAt) {

	public Caller {
		scopes = Set.copyOf(scopes);
	}

}
