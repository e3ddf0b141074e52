package com.deliveryservice.authgateway.key;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class KeyRotationTests {

	private static final Duration WAIT = Duration.ofSeconds(20);

	private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	private static final KeySettings SETTINGS = new KeySettings(KEY, null, Duration.ofDays(30), Duration.ofDays(1));

	private static final TokenSettings TOKENS = new TokenSettings(Duration.ofMinutes(5), "delivery-api",
			Duration.ofSeconds(10), Duration.ofMinutes(15));

	private final MigratedDatabase database = MigratedDatabase.create();

	private final List<String> events = Collections.synchronizedList(new ArrayList<>());

	private final Replica here = new Replica(this.database);

	private final Replica there = new Replica(MigratedDatabase.over(this.database.raw()));

	@AfterEach
	void close() {
		this.here.database.close();
		this.there.database.close();
	}

	@Test
	void theNextKeyIsPublicADayBeforeItSigns() throws Exception {
		String first = this.here.load();
		age("29 days 1 hour");
		advance(this.here);
		assertThat(this.here.load()).isEqualTo(first);
		assertThat(this.here.published()).hasSize(2);
		age("29 days 23 hours");
		this.database.raw()
			.execute("UPDATE auth.signing_key SET not_before = now() + interval '1 hour' WHERE status = 'next'");
		age("31 days");
		advance(this.here);
		assertThat(this.here.load()).isEqualTo(first);
		this.database.raw().execute("UPDATE auth.signing_key SET not_before = now() WHERE status = 'next'");
		advance(this.here);
		assertThat(this.here.load()).isNotEqualTo(first);
		assertThat(this.here.published()).contains(first).hasSize(2);
		assertThat(this.events).containsExactly("key_created", "key_activated", "key_created", "key_retired",
				"key_activated");
	}

	@Test
	void twoReplicasThatTryAtOnceRotateOnce() throws Exception {
		this.here.load();
		age("29 days 1 hour");
		Flux.range(0, 20).flatMap((n) -> replica(n).rotation.advance(), 20).then().block(WAIT);
		assertThat(statuses()).containsExactlyInAnyOrder("active", "next");
		age("31 days");
		this.database.raw().execute("UPDATE auth.signing_key SET not_before = now() WHERE status = 'next'");
		Flux.range(0, 20).flatMap((n) -> replica(n).rotation.advance(), 20).then().block(WAIT);
		assertThat(statuses()).contains("retired").containsOnlyOnce("active");
		assertThat(this.here.load()).isEqualTo(this.there.load());
	}

	@Test
	void anOperatorRotatesAtOnceAndWhatTheOldKeySignedIsStillGood() {
		String first = this.here.load();
		SigningKey old = active(this.here);
		List<KeyState> keys = this.there.rotation.rotate().blockOptional(WAIT).orElseThrow();
		assertThat(keys).extracting(KeyState::status).containsExactly("active", "retired");
		assertThat(this.here.load()).isNotEqualTo(first);
		assertThat(this.here.ring.find(first)).isSameAs(old);
	}

	@Test
	void aRevokedKeyIsGoodForNothingAndItsPrivatePartIsGone() throws Exception {
		String first = this.here.load();
		List<KeyState> keys = this.there.rotation.revoke(first).blockOptional(WAIT).orElseThrow();
		assertThat(keys).extracting(KeyState::status).containsExactly("active", "revoked");
		String second = this.here.load();
		assertThat(second).isNotEqualTo(first);
		assertThat(this.here.ring.find(first)).isNull();
		assertThat(this.here.published()).containsExactly(second);
		assertThat(texts("SELECT octet_length(private_key) FROM auth.signing_key WHERE status = 'revoked'"))
			.containsExactly("0");
		assertThat(this.events).containsExactly("key_created", "key_activated", "key_created", "key_revoked",
				"key_activated");
	}

	@Test
	void operatorsWhoRotateAtOnceLeaveOneActiveKey() {
		this.here.load();
		for (int round = 0; round < 5; round++) {
			Flux.range(0, 6).flatMap((n) -> replica(n).rotation.rotate(), 6).then().block(WAIT);
			assertThat(statuses()).containsOnlyOnce("active");
		}
		assertThat(this.here.changes.get()).isPositive();
	}

	@Test
	void aRevokedKeyStaysRevokedAndAnUnknownOneIsSaid() {
		String first = this.here.load();
		this.here.rotation.revoke(first).block(WAIT);
		String second = this.here.load();
		assertThat(this.here.rotation.revoke(first).blockOptional(WAIT)).isPresent();
		assertThat(this.here.load()).isEqualTo(second);
		StepVerifier.create(this.here.rotation.revoke("nobody")).expectComplete().verify(WAIT);
	}

	@Test
	void aRetiredKeyIsForgottenWhenNothingAliveCanBeSignedWithIt() {
		String first = this.here.load();
		this.here.rotation.rotate().block(WAIT);
		this.database.raw()
			.execute("UPDATE auth.signing_key SET retired_at = now() - interval '20 minutes' WHERE kid = '" + first
					+ "'");
		advance(this.here);
		assertThat(statuses()).containsExactlyInAnyOrder("retired", "active");
		this.database.raw()
			.execute("UPDATE auth.signing_key SET retired_at = now() - interval '20 minutes 11 seconds' WHERE kid = '"
					+ first + "'");
		advance(this.here);
		assertThat(statuses()).containsExactly("active");
	}

	private Replica replica(int n) {
		return (n % 2 == 0) ? this.here : this.there;
	}

	private void age(String age) {
		this.database.raw()
			.execute(
					"UPDATE auth.signing_key SET active_from = now() - interval '" + age + "' WHERE status = 'active'");
	}

	private List<String> statuses() {
		return texts("SELECT status FROM auth.signing_key");
	}

	private List<String> texts(String sql) {
		return this.database.database()
			.many((client) -> client.sql(sql).map((row) -> String.valueOf(row.get(0))).all())
			.collectList()
			.blockOptional(WAIT)
			.orElseThrow();
	}

	private static void advance(Replica replica) {
		StepVerifier.create(replica.rotation.advance()).expectComplete().verify(WAIT);
	}

	private static SigningKey active(Replica replica) {
		return Objects.requireNonNull(replica.ring.active());
	}

	/** One replica's keys. */
	private final class Replica implements AuditTrail {

		private final MigratedDatabase database;

		private final KeyRing ring = new KeyRing();

		private final AtomicInteger changes = new AtomicInteger();

		private final KeyLoader loader;

		private final KeyRotation rotation;

		Replica(MigratedDatabase database) {
			this.database = database;
			CryptoProvider provider = CryptoProvider.fastest(new Randomness());
			this.loader = new KeyLoader(new KeyStore(database.database(), this), this.ring, provider, SETTINGS, TOKENS);
			this.rotation = new KeyRotation(new KeyStates(database.database(), this), provider, SETTINGS, TOKENS,
					this.changes::incrementAndGet);
		}

		String load() {
			this.loader.loadOrCreate().block(WAIT);
			return active(this).kid();
		}

		List<String> published() throws Exception {
			return JWKSet.parse(this.ring.toJwkSet()).getKeys().stream().map(JWK::getKeyID).toList();
		}

		@Override
		public Mono<Void> note(SecurityEvent event) {
			throw new AssertionError("a change of keys is part of its transaction");
		}

		@Override
		public Mono<Void> append(DatabaseClient client, SecurityEvent event) {
			return Mono.fromRunnable(() -> KeyRotationTests.this.events.add(event.type().code()));
		}

	}

}
