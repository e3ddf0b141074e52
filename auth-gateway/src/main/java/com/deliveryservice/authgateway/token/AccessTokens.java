package com.deliveryservice.authgateway.token;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.session.Session;

/**
 * Mints and verifies access tokens: {@code at+jwt} (RFC 9068), ES256, the claims of
 * contract/client-api.md. Both are quick, in memory, and safe on an event loop.
 */
public interface AccessTokens {

	/**
	 * Mints a token for a live session.
	 * @throws KeysUnavailableException while no signing key could be loaded
	 */
	AccessToken mint(Session session);

	/**
	 * Verifies a token: signature, algorithm, {@code typ}, every claim, expiry, and that
	 * its session has not ended. Verified once, then served from a bounded cache until it
	 * expires; the ending is asked each time.
	 * @param token the characters behind {@code Bearer}
	 * @return who calls
	 * @throws InvalidTokenException if it is not valid, for whatever reason
	 * @throws KeysUnavailableException while no key could be loaded: it cannot be told
	 */
	Caller verify(String token);

	/**
	 * Whether a token that passed was past its expiry: then it did so because this
	 * replica cannot reach the database, and nobody can refresh
	 * ({@code auth-gateway.token.outage-grace}).
	 */
	default boolean isPastExpiry(Caller caller) {
		return false;
	}

}
