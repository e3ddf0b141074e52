package com.deliveryservice.authgateway.token;

import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.identity.Caller;

/**
 * Reads a whole access token for somebody who asks about it. Whether it is good is the
 * answer of {@link AccessTokens}, as everywhere.
 */
@Component
public class TokenInspection {

	private final AccessTokens tokens;

	TokenInspection(AccessTokens tokens) {
		this.tokens = tokens;
	}

	/**
	 * Verifies a token and reads its claims.
	 * @param token whatever somebody takes for an access token
	 * @return what it says
	 * @throws InvalidTokenException if it is not valid, for whatever reason
	 * @throws KeysUnavailableException while no key could be loaded: it cannot be told
	 */
	public TokenDetails inspect(String token) {
		Caller caller = this.tokens.verify(token);
		Claims claims = new Claims(CompactJws.parse(token).claims());
		return new TokenDetails(caller, claims.uuid("jti"), claims.time("iat"));
	}

}
