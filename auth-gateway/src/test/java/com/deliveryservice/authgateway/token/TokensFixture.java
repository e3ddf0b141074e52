package com.deliveryservice.authgateway.token;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.identity.UserTypesSettings;
import com.deliveryservice.authgateway.key.KeyRing;
import com.deliveryservice.authgateway.key.Randomness;
import com.deliveryservice.authgateway.key.SigningKey;
import com.deliveryservice.authgateway.key.TestKeys;
import com.deliveryservice.authgateway.key.TokenSettings;
import com.deliveryservice.authgateway.session.EndedSessions;
import com.deliveryservice.authgateway.session.Session;
import com.deliveryservice.authgateway.session.SessionActivity;
import com.nimbusds.jose.util.JSONObjectUtils;

/**
 * Tokens on a clock that the test moves, and a way to sign whatever claims.
 */
final class TokensFixture implements EndedSessions, SessionActivity {

	static final String ISSUER = "https://gateway.example";

	final KeyRing keys = TestKeys.newRing();

	final MovableClock clock = new MovableClock();

	final Set<UUID> ended = new HashSet<>();

	final List<UUID> seen = new ArrayList<>();

	boolean loaded = true;

	boolean cutOff;

	final AccessTokens tokens = tokens(this.keys);

	final Assertions assertions = new SignedAssertions(this.keys, new IssuerSettings(ISSUER), this.clock);

	AccessTokens tokens(KeyRing keys) {
		UserTypes types = new UserTypes(new UserTypesSettings(Map.of()));
		TokenSettings settings = new TokenSettings(Duration.ofMinutes(5), "delivery-api", Duration.ofSeconds(10),
				Duration.ofMinutes(15));
		IssuerSettings issuer = new IssuerSettings(ISSUER);
		TokenMinter minter = new TokenMinter(keys, types, issuer, settings, this.clock, new Randomness());
		TokenVerifier verifier = new TokenVerifier(keys, types, issuer, settings, this.clock);
		return new SignedAccessTokens(minter, verifier, keys, this, this.clock, new VerifiedTokens(settings, this));
	}

	Session session(String userType) {
		Instant now = this.clock.instant();
		return new Session(UUID.randomUUID(), UUID.randomUUID(), userType, null, "192.0.2.7", now, now,
				now.plusSeconds(3600), now.plusSeconds(7200));
	}

	/** A right token's claims. */
	Map<String, @Nullable Object> claims() {
		long now = this.clock.instant().getEpochSecond();
		Map<String, @Nullable Object> claims = new LinkedHashMap<>();
		claims.put("iss", ISSUER);
		claims.put("aud", "delivery-api");
		claims.put("sub", UUID.randomUUID().toString());
		claims.put("sid", UUID.randomUUID().toString());
		claims.put("jti", UUID.randomUUID().toString());
		claims.put("iat", now);
		claims.put("exp", now + 300);
		claims.put("user_type", "customer");
		claims.put("scope", "orders:read orders:write");
		claims.put("session_exp", now + 7200);
		return claims;
	}

	/** A right token's claims with a change, rightly signed. */
	String with(Consumer<Map<String, @Nullable Object>> change) {
		Map<String, @Nullable Object> claims = claims();
		change.accept(claims);
		return sign(header("at+jwt"), json(claims));
	}

	String header(@Nullable String type) {
		Map<String, @Nullable Object> header = new LinkedHashMap<>();
		header.put("alg", "ES256");
		if (type != null) {
			header.put("typ", type);
		}
		header.put("kid", active().kid());
		return json(header);
	}

	String sign(String header, String payload) {
		String input = encode(header) + "." + encode(payload);
		return input + "." + active().sign(input);
	}

	SigningKey active() {
		return Objects.requireNonNull(this.keys.active());
	}

	static String json(Map<String, @Nullable Object> object) {
		return JSONObjectUtils.toJSONString(object);
	}

	static String encode(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	static String decode(String part) {
		return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
	}

	@Override
	public boolean contains(UUID sessionId) {
		return this.ended.contains(sessionId);
	}

	@Override
	public void add(UUID sessionId) {
		this.ended.add(sessionId);
	}

	@Override
	public void seen(UUID sessionId) {
		this.seen.add(sessionId);
	}

	@Override
	public void streaming(UUID sessionId) {
		throw new AssertionError("tokens know nothing of streams");
	}

	@Override
	public boolean areLoaded() {
		return this.loaded;
	}

	@Override
	public boolean isCutOff() {
		return this.cutOff;
	}

	@Override
	public boolean isStale() {
		return false;
	}

	static final class MovableClock extends Clock {

		private Instant now = Instant.parse("2026-11-23T04:05:06Z");

		void forward(Duration duration) {
			this.now = this.now.plus(duration);
		}

		@Override
		public Instant instant() {
			return this.now;
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException();
		}

	}

}
