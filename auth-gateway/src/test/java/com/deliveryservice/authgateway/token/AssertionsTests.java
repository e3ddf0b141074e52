package com.deliveryservice.authgateway.token;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.key.KeyRing;
import com.deliveryservice.authgateway.key.TestKeys;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AssertionsTests {

	private final TokensFixture fixture = new TokensFixture();

	private final Caller caller = this.fixture.tokens
		.verify(this.fixture.tokens.mint(this.fixture.session("courier")).value());

	@Test
	void anAssertionIsVerifiableWithThePublishedKeys() throws Exception {
		JWSObject jws = JWSObject.parse(assertion("courier"));
		ECKey key = (ECKey) JWKSet.parse(this.fixture.keys.toJwkSet()).getKeyByKeyId(jws.getHeader().getKeyID());
		assertThat(jws.verify(new ECDSAVerifier(key))).isTrue();
		assertThat(jws.getHeader().getType()).isEqualTo(new JOSEObjectType("identity+jwt"));
	}

	@Test
	void anAssertionHasTheClaimsOfTheContract() throws Exception {
		long now = this.fixture.clock.instant().getEpochSecond();
		assertThat(JWSObject.parse(assertion("courier-backend")).getPayload().toJSONObject())
			.isEqualTo(Map.of("iss", TokensFixture.ISSUER, "aud", "courier-backend", "sub",
					this.caller.userId().toString(), "sid", this.caller.sessionId().toString(), "user_type", "courier",
					"scope", "deliveries:read deliveries:write", "iat", now, "exp", now + 60));
	}

	@Test
	void theSameIsGivenForHalfAMinute() {
		String first = assertion("courier");
		this.fixture.clock.forward(Duration.ofSeconds(29));
		assertThat(assertion("courier")).isEqualTo(first);
		this.fixture.clock.forward(Duration.ofSeconds(1));
		assertThat(assertion("courier")).isNotEqualTo(first);
	}

	@Test
	void everyAudienceHasItsOwn() {
		assertThat(assertion("courier")).isNotEqualTo(assertion("manager"));
	}

	@Test
	void changedScopesAreSignedAnew() {
		String before = assertion("courier");
		Caller changed = new Caller(this.caller.userId(), "courier", "deliveries:read",
				java.util.Set.of("deliveries:read"), this.caller.sessionId(), this.caller.expiresAt(),
				this.caller.sessionExpiresAt());
		assertThat(this.fixture.assertions.assertionOf(changed, "courier")).isNotEqualTo(before);
	}

	@Test
	void aNewKeySignsAtOnce() throws Exception {
		assertion("courier");
		TestKeys.rotate(this.fixture.keys);
		assertThat(JWSObject.parse(assertion("courier")).getHeader().getKeyID()).isEqualTo(this.fixture.active().kid());
	}

	@Test
	void withoutKeysThereIsNone() {
		Assertions without = new SignedAssertions(new KeyRing(), new IssuerSettings(TokensFixture.ISSUER),
				this.fixture.clock);
		assertThatExceptionOfType(KeysUnavailableException.class)
			.isThrownBy(() -> without.assertionOf(this.caller, "courier"));
	}

	private String assertion(String audience) {
		return this.fixture.assertions.assertionOf(this.caller, audience);
	}

}
