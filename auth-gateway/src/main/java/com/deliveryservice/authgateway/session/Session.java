package com.deliveryservice.authgateway.session;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * One signed-in device.
 *
 * @param id the session's id ({@code sid})
 * @param userId whose it is
 * @param userType the user's type when it was opened
 * @param deviceName as the client named it, or {@code null}
 * @param ip the address it was opened from
 * @param createdAt when it was opened
 * @param lastSeenAt when it was last used, give or take a minute
 * @param idleExpiresAt when it ends without use
 * @param expiresAt its absolute end
 */
public record Session(UUID id, UUID userId, String userType, @Nullable String deviceName, String ip, Instant createdAt,
		Instant lastSeenAt, Instant idleExpiresAt, Instant expiresAt) {

}
