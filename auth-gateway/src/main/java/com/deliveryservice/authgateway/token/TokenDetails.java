package com.deliveryservice.authgateway.token;

import java.time.Instant;
import java.util.UUID;

import com.deliveryservice.authgateway.identity.Caller;

/**
 * Everything that a verified access token says.
 *
 * @param caller whom it speaks for, and until when
 * @param id the token's own id (claim {@code jti})
 * @param issuedAt when it was minted (claim {@code iat})
 */
public record TokenDetails(Caller caller, UUID id, Instant issuedAt) {

}
