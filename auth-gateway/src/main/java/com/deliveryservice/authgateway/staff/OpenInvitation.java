package com.deliveryservice.authgateway.staff;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An invitation that was not used yet, without its secret.
 *
 * @param id its id
 * @param userType what it makes of whoever signs up with it
 * @param email whom it was meant for, or {@code null}; it binds nobody
 * @param expiresAt its end
 */
@JsonNaming(SnakeCaseStrategy.class)
record OpenInvitation(UUID id, String userType, @Nullable String email, Instant expiresAt) {

}
