package com.deliveryservice.authgateway.key;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What an operator sees of a signing key.
 *
 * @param kid its id
 * @param status {@code next}, {@code active}, {@code retired} or {@code revoked}
 * @param createdAt since when it is public
 * @param activeFrom since when it signs, or signed
 * @param retiredAt since when it only verifies
 * @param revokedAt since when it is good for nothing
 */
@JsonNaming(SnakeCaseStrategy.class)
record KeyState(String kid, String status, Instant createdAt, @Nullable Instant activeFrom, @Nullable Instant retiredAt,
		@Nullable Instant revokedAt) {

}
