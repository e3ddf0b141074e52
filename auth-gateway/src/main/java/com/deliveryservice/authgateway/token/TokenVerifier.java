package com.deliveryservice.authgateway.token;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.identity.UserType;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.key.KeyRing;
import com.deliveryservice.authgateway.key.SigningKey;
import com.deliveryservice.authgateway.key.TokenSettings;

/**
 * Verifies an access token from scratch: form, header, signature, then every claim (RFC
 * 9068 §4, RFC 8725 §3). Whether an unknown user type may do anything is not its
 * question.
 */
@Component
class TokenVerifier {

	static final String TYPE = "at+jwt";

	private static final Pattern ANY_USER_TYPE = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

	/** RFC 6749 §3.3; empty for nothing at all. */
	private static final Pattern SCOPE = Pattern.compile("([!#-\\[\\]-~]{1,64}( [!#-\\[\\]-~]{1,64}){0,99})?");

	private final KeyRing keys;

	private final UserTypes userTypes;

	private final String issuer;

	private final TokenSettings settings;

	private final Clock clock;

	TokenVerifier(KeyRing keys, UserTypes userTypes, IssuerSettings issuer, TokenSettings settings, Clock clock) {
		this.keys = keys;
		this.userTypes = userTypes;
		this.issuer = issuer.issuer();
		this.settings = settings;
		this.clock = clock;
	}

	/**
	 * Verifies everything that does not change during the token's life.
	 * @throws InvalidTokenException for whatever is not a token of ours
	 */
	VerifiedToken verify(String token) {
		CompactJws jws = CompactJws.parse(token);
		if (!TYPE.equals(jws.type())) {
			throw new InvalidTokenException("typ");
		}
		SigningKey key = this.keys.find(jws.kid());
		if (key == null) {
			throw new InvalidTokenException("kid");
		}
		if (!key.verify(jws.signingInput(), jws.signature())) {
			throw new InvalidTokenException("signature");
		}
		return verified(new Claims(jws.claims()), key);
	}

	private VerifiedToken verified(Claims claims, SigningKey key) {
		claims.mustBe("iss", this.issuer);
		claims.mustHold("aud", this.settings.audience());
		claims.uuid("jti");
		Instant expiresAt = claims.time("exp");
		Instant sessionExpiresAt = claims.time("session_exp");
		if (expiresAt.isAfter(sessionExpiresAt)) {
			throw new InvalidTokenException("claim exp");
		}
		checkHasBegun(claims);
		Caller caller = caller(claims, expiresAt, sessionExpiresAt);
		return new VerifiedToken(caller, key, expiresAt.plus(this.settings.clockSkew()).toEpochMilli());
	}

	private void checkHasBegun(Claims claims) {
		Instant latest = this.clock.instant().plus(this.settings.clockSkew());
		if (claims.time("iat").isAfter(latest)) {
			throw new InvalidTokenException("claim iat");
		}
		if (claims.has("nbf") && claims.time("nbf").isAfter(latest)) {
			throw new InvalidTokenException("claim nbf");
		}
	}

	private Caller caller(Claims claims, Instant expiresAt, Instant sessionExpiresAt) {
		String userType = claims.text("user_type", ANY_USER_TYPE);
		String scope = claims.text("scope", SCOPE);
		UserType known = this.userTypes.find(userType);
		// nearly all tokens of a type have the same scopes: one copy of them in the cache
		boolean same = known != null && known.scope().equals(scope);
		Set<String> scopes = (known != null && same) ? known.scopes() : scopesOf(scope);
		return new Caller(claims.uuid("sub"), (known != null) ? known.name() : userType,
				(known != null && same) ? known.scope() : scope, scopes, claims.uuid("sid"), expiresAt,
				sessionExpiresAt);
	}

	private static Set<String> scopesOf(String scope) {
		return scope.isEmpty() ? Set.of() : Set.copyOf(List.of(scope.split(" ")));
	}

}
