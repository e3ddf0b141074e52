package com.deliveryservice.authgateway.token;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.key.KeyRing;
import com.deliveryservice.authgateway.key.SigningKey;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Signs one assertion for a caller and an audience each half minute, and gives the same
 * meanwhile.
 */
@Component
class SignedAssertions implements Assertions {

	static final String TYPE = "identity+jwt";

	private static final Duration LIFETIME = Duration.ofSeconds(60);

	private static final Duration REUSE = Duration.ofSeconds(30);

	/** About 1 KB each. */
	private static final long MAX_ENTRIES = Math.max(1_000, Runtime.getRuntime().maxMemory() / 16 / 1024);

	private final KeyRing keys;

	private final String issuer;

	private final Clock clock;

	private final JwsWriter writer;

	private final Cache<Key, Assertion> assertions = Caffeine.newBuilder()
		.maximumSize(MAX_ENTRIES)
		.expireAfterWrite(REUSE)
		.build();

	SignedAssertions(KeyRing keys, IssuerSettings issuer, Clock clock) {
		this.keys = keys;
		this.issuer = issuer.issuer();
		this.clock = clock;
		this.writer = new JwsWriter(keys, TYPE);
	}

	@Override
	public String assertionOf(Caller caller, String audience) {
		SigningKey active = this.keys.active();
		if (active == null) {
			throw new KeysUnavailableException();
		}
		Key key = new Key(caller.sessionId(), caller.userId(), caller.userType(), caller.scope(), audience);
		long now = this.clock.millis();
		Assertion known = this.assertions.getIfPresent(key);
		if (known != null && known.isGoodAt(now, active)) {
			return known.value();
		}
		Assertion fresh = new Assertion(sign(caller, audience, now / 1000), active.kid(), now);
		this.assertions.put(key, fresh);
		return fresh.value();
	}

	private String sign(Caller caller, String audience, long issuedAt) {
		Map<String, Object> claims = new LinkedHashMap<>();
		claims.put("iss", this.issuer);
		claims.put("aud", audience);
		claims.put("sub", caller.userId().toString());
		claims.put("sid", caller.sessionId().toString());
		claims.put("user_type", caller.userType());
		claims.put("scope", caller.scope());
		claims.put("iat", issuedAt);
		claims.put("exp", issuedAt + LIFETIME.toSeconds());
		return this.writer.write(claims);
	}

	private record Key(UUID sessionId, UUID userId, String userType, String scope, String audience) {

		@Override
		public int hashCode() {
			return this.sessionId.hashCode() * 31 + this.audience.hashCode();
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Key key && this.sessionId.equals(key.sessionId)
					&& this.audience.equals(key.audience) && this.userId.equals(key.userId)
					&& this.userType.equals(key.userType) && this.scope.equals(key.scope);
		}

	}

	private record Assertion(String value, String kid, long signedAt) {

		boolean isGoodAt(long now, SigningKey active) {
			return now >= this.signedAt && now - this.signedAt < REUSE.toMillis() && this.kid.equals(active.kid());
		}

		@Override
		public String toString() {
			return "Assertion[…]";
		}

	}

}
