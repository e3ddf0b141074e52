package com.deliveryservice.authgateway.account;

import com.deliveryservice.authgateway.session.EndReason;
import com.deliveryservice.authgateway.session.RefreshToken;
import com.deliveryservice.authgateway.session.Sessions;
import com.deliveryservice.authgateway.token.AccessTokens;
import com.deliveryservice.authgateway.token.InvalidTokenException;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

/**
 * Ends the session of a refresh or access token. A token that is none, or no more, is
 * revoked as well as can be (RFC 7009 §2.2).
 */
@Component
class Revocation {

	private final Sessions sessions;

	private final AccessTokens accessTokens;

	Revocation(Sessions sessions, AccessTokens accessTokens) {
		this.sessions = sessions;
		this.accessTokens = accessTokens;
	}

	/**
	 * Completes once the token's session, if there is one, has ended; fails with 503 if
	 * that could not be done.
	 * @param value as the client sent it
	 */
	Mono<Void> revoke(String value) {
		RefreshToken refreshToken = RefreshToken.parse(value);
		return (refreshToken != null) ? this.sessions.end(refreshToken, EndReason.REVOKED).then()
				: Mono.fromCallable(() -> this.accessTokens.verify(value))
					.flatMap((caller) -> this.sessions.end(caller.sessionId(), EndReason.REVOKED))
					.onErrorComplete(InvalidTokenException.class)
					.then();
	}

}
