package com.deliveryservice.authgateway.key;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.audit.AuditFixture;
import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.testing.TestDatabase;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class KeyLoaderTests {

	private static final Duration WAIT = Duration.ofSeconds(20);

	private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	private static final String OTHER_KEY = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

	private static final TokenSettings TOKENS = new TokenSettings(Duration.ofMinutes(5), "delivery-api",
			Duration.ofSeconds(10), Duration.ofMinutes(15));

	private final TestDatabase database = MigratedDatabase.create().raw();

	@Test
	void theFirstStartMakesAKeyThatSignsAndVerifies() {
		KeyRing ring = loaded(KEY, null);
		SigningKey key = active(ring);
		String signature = key.sign("header.payload");
		assertThat(key.verify("header.payload", signature)).isTrue();
		assertThat(key.verify("header.other", signature)).isFalse();
		assertThat(ring.find(key.kid())).isSameAs(key);
	}

	@Test
	void severalReplicasThatStartAtOnceShareOneKey() {
		List<KeyRing> rings = Flux.range(0, 4)
			.flatMap((n) -> Mono.fromCallable(() -> loaded(KEY, null)).subscribeOn(Schedulers.boundedElastic()), 4)
			.collectList()
			.blockOptional(WAIT)
			.orElseThrow();
		assertThat(rings).extracting((ring) -> active(ring).kid()).hasSize(4).containsOnly(active(rings.get(0)).kid());
		String signature = active(rings.get(0)).sign("a.b");
		assertThat(active(rings.get(3)).verify("a.b", signature)).isTrue();
	}

	@Test
	void aRestartFindsTheSameKey() {
		assertThat(active(loaded(KEY, null)).kid()).isEqualTo(active(loaded(KEY, null)).kid());
	}

	@Test
	void aWrongEncryptionKeyIsSaidInOneLineWithoutTheKey() {
		loaded(KEY, null);
		assertThatExceptionOfType(WrongEncryptionKeyException.class).isThrownBy(() -> loaded(OTHER_KEY, null))
			.withMessage("auth-gateway.keys.encryption-key: (not shown) "
					+ "(expected the key that the stored signing keys were encrypted with)");
	}

	@Test
	void aPreviousEncryptionKeyIsReplacedInTheRows() {
		String kid = active(loaded(KEY, null)).kid();
		assertThat(active(loaded(OTHER_KEY, KEY)).kid()).isEqualTo(kid);
		assertThat(active(loaded(OTHER_KEY, null)).kid()).isEqualTo(kid);
		assertThatExceptionOfType(WrongEncryptionKeyException.class).isThrownBy(() -> loaded(KEY, null));
	}

	@Test
	void anExchangedRowIsNotTrusted() {
		loaded(KEY, null);
		this.database.execute("UPDATE auth.signing_key SET kid = 'another'");
		assertThatExceptionOfType(WrongEncryptionKeyException.class).isThrownBy(() -> loaded(KEY, null));
	}

	@Test
	void nextAndRetiredButStillValidKeysArePublishedAndVerify() throws Exception {
		String first = active(loaded(KEY, null)).kid();
		retire(first, "10 minutes");
		String second = active(loaded(KEY, null)).kid();
		this.database
			.execute("UPDATE auth.signing_key SET status = 'next', active_from = NULL WHERE kid = '" + second + "'");
		KeyRing ring = loaded(KEY, null);
		String third = active(ring).kid();
		JWKSet published = JWKSet.parse(ring.toJwkSet());
		assertThat(published.getKeys()).extracting(JWK::getKeyID).containsExactlyInAnyOrder(first, second, third);
		assertThat(published.getKeys()).noneMatch(JWK::isPrivate)
			.allMatch((key) -> "ES256".equals(key.getAlgorithm().getName()));
		assertThat(ring.find(first)).isNotNull();
		assertThat(ring.find(second)).isNotNull();
	}

	@Test
	void aKeyThatRetiredLongAgoIsGone() {
		String first = active(loaded(KEY, null)).kid();
		retire(first, "21 minutes");
		KeyRing ring = loaded(KEY, null);
		assertThat(ring.find(first)).isNull();
		assertThat(ring.toJwkSet()).doesNotContain(first);
	}

	@Test
	void loadingAgainKeepsTheSameObjects() {
		KeyRing ring = new KeyRing();
		KeyLoader loader = loader(ring, KEY, null);
		loader.loadOrCreate().block(WAIT);
		SigningKey key = active(ring);
		loader.loadOrCreate().block(WAIT);
		assertThat(active(ring)).isSameAs(key);
	}

	@Test
	void theTableHoldsNoPrivateKey() throws Exception {
		loaded(KEY, null);
		try (var connection = this.database.open();
				var statement = connection.createStatement();
				var rows = statement
					.executeQuery("SELECT public_jwk, encode(private_key, 'escape') FROM " + "auth.signing_key")) {
			assertThat(rows.next()).isTrue();
			assertThat(JWK.parse(rows.getString(1)).isPrivate()).isFalse();
			assertThat(rows.getString(2)).doesNotContain("\"d\"").doesNotContain("kty");
		}
	}

	private void retire(String kid, String ago) {
		this.database.execute("UPDATE auth.signing_key SET status = 'retired', retired_at = now() - interval '" + ago
				+ "' WHERE kid = '" + kid + "'");
	}

	private KeyRing loaded(String key, @Nullable String previous) {
		KeyRing ring = new KeyRing();
		loader(ring, key, previous).loadOrCreate().block(WAIT);
		return ring;
	}

	private KeyLoader loader(KeyRing ring, String key, @Nullable String previous) {
		KeySettings settings = new KeySettings(key, previous, Duration.ofDays(30), Duration.ofDays(1));
		Database replica = MigratedDatabase.over(this.database).database();
		KeyStore store = new KeyStore(replica, AuditFixture.trailOver(this.database, replica));
		return new KeyLoader(store, ring, CryptoProvider.fastest(new Randomness()), settings, TOKENS);
	}

	private static SigningKey active(KeyRing ring) {
		return Objects.requireNonNull(ring.active());
	}

}
