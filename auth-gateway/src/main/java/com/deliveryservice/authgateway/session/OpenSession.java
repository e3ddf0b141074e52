package com.deliveryservice.authgateway.session;

import java.time.Duration;

/**
 * A live session with its current refresh token.
 *
 * @param session the session
 * @param refreshToken the secret for the client; printed by nothing, stored nowhere
 * @param refreshExpiresIn how long it can be used, if not used before
 */
public record OpenSession(Session session, RefreshToken refreshToken, Duration refreshExpiresIn) {

}
