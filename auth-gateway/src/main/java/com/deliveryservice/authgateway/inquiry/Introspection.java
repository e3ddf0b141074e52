package com.deliveryservice.authgateway.inquiry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.key.TokenSettings;
import com.deliveryservice.authgateway.session.EndedSessions;
import com.deliveryservice.authgateway.session.Session;
import com.deliveryservice.authgateway.session.Sessions;
import com.deliveryservice.authgateway.token.InvalidTokenException;
import com.deliveryservice.authgateway.token.IssuerSettings;
import com.deliveryservice.authgateway.token.TokenDetails;
import com.deliveryservice.authgateway.token.TokenInspection;

/**
 * Tells whether a token is active (RFC 7662 §2.2). The token is judged as on the forward
 * lane; then the database is asked for its session, for the address and for the latest
 * word. While it is away, what this replica knows counts, up to
 * {@code revocation.max-staleness}; past it nothing can be told.
 */
@Component
class Introspection {

	/** Nothing more, so that nobody learns what was wrong with it. */
	private static final Map<String, Object> INACTIVE = Map.of("active", false);

	private final TokenInspection tokens;

	private final Sessions sessions;

	private final EndedSessions endedSessions;

	private final String issuer;

	private final String audience;

	Introspection(TokenInspection tokens, Sessions sessions, EndedSessions endedSessions, IssuerSettings issuer,
			TokenSettings settings) {
		this.tokens = tokens;
		this.sessions = sessions;
		this.endedSessions = endedSessions;
		this.issuer = issuer.issuer();
		this.audience = settings.audience();
	}

	/**
	 * The answer's members.
	 * @param token whatever the caller was given; only an access token is ever active
	 * @return fails with 503 if it cannot be told
	 */
	Mono<Map<String, Object>> introspect(String token) {
		return Mono.fromCallable(() -> this.tokens.inspect(token))
			.flatMap(this::ofSession)
			.onErrorResume(InvalidTokenException.class, (ex) -> Mono.just(INACTIVE));
	}

	private Mono<Map<String, Object>> ofSession(TokenDetails token) {
		Caller caller = token.caller();
		return this.sessions.findLive(caller.userId())
			.filter((session) -> session.id().equals(caller.sessionId()))
			.next()
			.map((session) -> active(token, session))
			.defaultIfEmpty(INACTIVE)
			.onErrorResume(DatabaseUnavailableException.class, (ex) -> fromMemory(token, ex));
	}

	private Mono<Map<String, Object>> fromMemory(TokenDetails token, DatabaseUnavailableException cause) {
		return this.endedSessions.isStale() ? Mono.error(cause) : Mono.just(active(token, null));
	}

	private Map<String, Object> active(TokenDetails token, @Nullable Session session) {
		Caller caller = token.caller();
		Map<String, Object> answer = new LinkedHashMap<>();
		answer.put("active", true);
		answer.put("token_type", "Bearer");
		answer.put("iss", this.issuer);
		answer.put("aud", this.audience);
		answer.put("sub", caller.userId().toString());
		answer.put("sid", caller.sessionId().toString());
		answer.put("jti", token.id().toString());
		answer.put("user_type", caller.userType());
		answer.put("scope", caller.scope());
		answer.put("iat", token.issuedAt().getEpochSecond());
		answer.put("exp", caller.expiresAt().getEpochSecond());
		answer.put("session_exp", caller.sessionExpiresAt().getEpochSecond());
		if (session != null) {
			answer.put("client_ip", session.ip());
		}
		return Collections.unmodifiableMap(answer);
	}

}
