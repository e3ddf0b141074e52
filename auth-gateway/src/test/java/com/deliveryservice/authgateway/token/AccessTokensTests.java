package com.deliveryservice.authgateway.token;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.key.KeyRing;
import com.deliveryservice.authgateway.key.TestKeys;
import com.deliveryservice.authgateway.session.Session;
import com.nimbusds.jose.util.JSONObjectUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AccessTokensTests {

	private final TokensFixture fixture = new TokensFixture();

	private final AccessTokens tokens = this.fixture.tokens;

	@Test
	void aMintedTokenSpeaksForItsSession() {
		Session session = this.fixture.session("customer");
		Caller caller = this.tokens.verify(this.tokens.mint(session).value());
		assertThat(caller.userId()).isEqualTo(session.userId());
		assertThat(caller.sessionId()).isEqualTo(session.id());
		assertThat(caller.userType()).isEqualTo("customer");
		assertThat(caller.scope()).isEqualTo("orders:read orders:write");
		assertThat(caller.scopes()).containsExactlyInAnyOrder("orders:read", "orders:write");
		assertThat(caller.sessionExpiresAt()).isEqualTo(session.expiresAt());
		assertThat(caller.expiresAt()).isEqualTo(this.fixture.clock.instant().plusSeconds(300));
	}

	@Test
	void aMintedTokenHasTheHeaderAndClaimsOfTheContract() throws Exception {
		Session session = this.fixture.session("courier");
		AccessToken token = this.tokens.mint(session);
		String[] parts = token.value().split("\\.", -1);
		assertThat(JSONObjectUtils.parse(TokensFixture.decode(parts[0])))
			.isEqualTo(Map.of("alg", "ES256", "typ", "at+jwt", "kid", this.fixture.active().kid()));
		Map<String, Object> claims = JSONObjectUtils.parse(TokensFixture.decode(parts[1]));
		assertThat(claims).containsOnlyKeys("iss", "aud", "sub", "sid", "jti", "iat", "exp", "user_type", "scope",
				"session_exp");
		assertThat(claims).containsEntry("iss", TokensFixture.ISSUER).containsEntry("aud", "delivery-api");
		assertThat(token.expiresIn()).isEqualTo(Duration.ofMinutes(5));
	}

	@Test
	void aTokenNeverOutlivesItsSession() {
		Session session = this.fixture.session("customer");
		this.fixture.clock.forward(Duration.ofMinutes(119));
		AccessToken token = this.tokens.mint(session);
		assertThat(token.expiresIn()).isEqualTo(Duration.ofSeconds(60));
		assertThat(this.tokens.verify(token.value()).expiresAt()).isEqualTo(session.expiresAt());
	}

	@Test
	void twoTokensOfASessionDiffer() {
		Session session = this.fixture.session("customer");
		assertThat(this.tokens.mint(session).value()).isNotEqualTo(this.tokens.mint(session).value());
	}

	@Test
	void aTokenDoesNotPrint() {
		AccessToken token = this.tokens.mint(this.fixture.session("customer"));
		assertThat(token.toString()).doesNotContain(token.value());
	}

	@Test
	void whileNobodyCanRefreshAnExpiredTokenPassesForTheGrace() {
		String token = this.fixture.with((claims) -> {
		});
		this.fixture.clock.forward(Duration.ofSeconds(310));
		refused(token);
		this.fixture.cutOff = true;
		assertThat(this.tokens.isPastExpiry(this.tokens.verify(token))).isTrue();
		this.fixture.clock.forward(Duration.ofSeconds(899));
		this.tokens.verify(token);
		this.fixture.cutOff = false;
		refused(token);
		this.fixture.cutOff = true;
		this.fixture.clock.forward(Duration.ofSeconds(1));
		assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(() -> this.tokens.verify(token));
	}

	@Test
	void theGraceRevivesNoEndedSessionAndNoneAtItsAbsoluteEnd() {
		String token = this.fixture
			.with((claims) -> claims.put("session_exp", this.fixture.clock.instant().getEpochSecond() + 400));
		this.fixture.cutOff = true;
		this.fixture.clock.forward(Duration.ofSeconds(399));
		Caller caller = this.tokens.verify(token);
		this.fixture.ended.add(caller.sessionId());
		refused(token);
		this.fixture.ended.clear();
		this.fixture.clock.forward(Duration.ofSeconds(1));
		refused(token);
	}

	@Test
	void aGoodTokenIsNotPastItsExpiry() {
		assertThat(this.tokens.isPastExpiry(this.tokens.verify(this.fixture.with((claims) -> {
		})))).isFalse();
	}

	@Test
	void aUseIsNotedOnceAMinute() {
		String token = this.fixture.with((claims) -> {
		});
		Caller caller = this.tokens.verify(token);
		this.tokens.verify(token);
		this.fixture.clock.forward(Duration.ofSeconds(59));
		this.tokens.verify(token);
		assertThat(this.fixture.seen).containsExactly(caller.sessionId());
		this.fixture.clock.forward(Duration.ofSeconds(1));
		this.tokens.verify(token);
		assertThat(this.fixture.seen).hasSize(2);
	}

	@Test
	void anExpiredTokenPassesWithinTheSkewOnly() {
		String token = this.fixture.with((claims) -> {
		});
		this.tokens.verify(token);
		this.fixture.clock.forward(Duration.ofSeconds(301));
		this.tokens.verify(token);
		this.fixture.clock.forward(Duration.ofSeconds(10));
		refused(token);
	}

	@Test
	void aTokenThatExpiredBeforeItWasFirstSeenIsRefused() {
		String token = this.fixture.with((claims) -> {
		});
		this.fixture.clock.forward(Duration.ofSeconds(311));
		refused(token);
	}

	@Test
	void aTokenOfAnEndedSessionIsRefusedAlsoIfItIsCached() {
		Session session = this.fixture.session("customer");
		String first = this.tokens.mint(session).value();
		String second = this.tokens.mint(session).value();
		this.tokens.verify(first);
		this.fixture.ended.add(session.id());
		refused(first);
		refused(second);
	}

	@Test
	void aCachedTokenDoesNotOutliveItsKey() {
		String token = this.tokens.mint(this.fixture.session("customer")).value();
		this.tokens.verify(token);
		TestKeys.rotate(this.fixture.keys);
		this.tokens.verify(token);
		TestKeys.forgetOthers(this.fixture.keys);
		refused(token);
	}

	@Test
	void aReplicaThatKnowsTheNextKeyAcceptsWhatAnotherAlreadySignsWithIt() {
		TestKeys.rotate(this.fixture.keys);
		String token = this.tokens.mint(this.fixture.session("customer")).value();
		assertThat(this.fixture.tokens(this.fixture.keys).verify(token)).isNotNull();
	}

	@Test
	void aKeyOfAnotherFleetIsUnknown() {
		String token = this.tokens.mint(this.fixture.session("customer")).value();
		assertThatExceptionOfType(InvalidTokenException.class)
			.isThrownBy(() -> this.fixture.tokens(TestKeys.newRing()).verify(token));
	}

	@Test
	void withoutKeysNothingCanBeTold() {
		String token = this.tokens.mint(this.fixture.session("customer")).value();
		AccessTokens without = this.fixture.tokens(new KeyRing());
		assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(() -> without.verify(token));
		assertThatExceptionOfType(KeysUnavailableException.class)
			.isThrownBy(() -> without.mint(this.fixture.session("customer")));
	}

	@Test
	void withoutKnowledgeOfEndedSessionsNothingCanBeTold() {
		String token = this.tokens.mint(this.fixture.session("customer")).value();
		this.fixture.loaded = false;
		assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(() -> this.tokens.verify(token));
	}

	@Test
	void aUserTypeThatIsConfiguredAwayHasNoScopes() {
		Caller caller = this.tokens.verify(this.tokens.mint(this.fixture.session("pilot")).value());
		assertThat(caller.userType()).isEqualTo("pilot");
		assertThat(caller.scopes()).isEmpty();
	}

	private void refused(String token) {
		assertThatExceptionOfType(InvalidTokenException.class).isThrownBy(() -> this.tokens.verify(token));
	}

}
