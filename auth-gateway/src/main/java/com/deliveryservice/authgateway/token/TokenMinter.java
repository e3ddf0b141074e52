package com.deliveryservice.authgateway.token;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.identity.UserType;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.key.KeyRing;
import com.deliveryservice.authgateway.key.Randomness;
import com.deliveryservice.authgateway.key.TokenSettings;
import com.deliveryservice.authgateway.session.Session;

/**
 * Mints access tokens with the claims of contract/client-api.md.
 */
@Component
class TokenMinter {

	private final JwsWriter writer;

	private final UserTypes userTypes;

	private final IssuerSettings issuer;

	private final TokenSettings settings;

	private final Clock clock;

	private final Randomness randomness;

	TokenMinter(KeyRing keys, UserTypes userTypes, IssuerSettings issuer, TokenSettings settings, Clock clock,
			Randomness randomness) {
		this.writer = new JwsWriter(keys, TokenVerifier.TYPE);
		this.userTypes = userTypes;
		this.issuer = issuer;
		this.settings = settings;
		this.clock = clock;
		this.randomness = randomness;
	}

	AccessToken mint(Session session) {
		long issuedAt = this.clock.instant().getEpochSecond();
		long sessionExpiresAt = session.expiresAt().getEpochSecond();
		long expiresAt = Math.min(issuedAt + this.settings.lifetime().toSeconds(), sessionExpiresAt);
		Map<String, Object> claims = claimsOf(session);
		claims.put("iat", issuedAt);
		claims.put("exp", expiresAt);
		claims.put("session_exp", sessionExpiresAt);
		return new AccessToken(this.writer.write(claims), Duration.ofSeconds(Math.max(0, expiresAt - issuedAt)));
	}

	private Map<String, Object> claimsOf(Session session) {
		UserType userType = this.userTypes.find(session.userType());
		Map<String, Object> claims = new LinkedHashMap<>();
		claims.put("iss", this.issuer.issuer());
		claims.put("aud", this.settings.audience());
		claims.put("sub", session.userId().toString());
		claims.put("sid", session.id().toString());
		claims.put("jti", this.randomness.nextUuid().toString());
		claims.put("user_type", session.userType());
		// a type that was configured away has no scopes, rather than somebody else's
		claims.put("scope", (userType != null) ? userType.scope() : "");
		return claims;
	}

}
