package com.deliveryservice.authgateway.staff;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.key.Randomness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The first admin's invitation against a real PostgreSQL.
 */
class AdminInvitationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Duration TOGETHER = Duration.ofSeconds(30);

	private final MigratedDatabase database = MigratedDatabase.create();

	private final MigratedDatabase impatient = MigratedDatabase.over(this.database.raw(), Duration.ofMillis(1500));

	private final List<SecurityEvent> events = new ArrayList<>();

	@AfterEach
	void close() {
		this.impatient.close();
		this.database.close();
	}

	@Test
	void theSameIsGivenAgainWhenNobodyConfirmedItsCommit() {
		theFirstCommitTakes("3 s");
		Mono<String> giving = on(this.impatient).give(TOGETHER);
		assertThatExceptionOfType(DatabaseUnavailableException.class).isThrownBy(() -> giving.block(PATIENCE));
		await().atMost(PATIENCE).until(() -> stored() == 1);
		String secret = giving.blockOptional(PATIENCE).orElseThrow();
		assertThat(secret).hasSize(43);
		assertThat(stored()).isEqualTo(1);
		assertThat(isOpen(secret)).isTrue();
		assertThat(this.events).hasSize(1);
	}

	@Test
	void anotherReplicaIsQuietForAWhileAndAnOperatorIsNot() {
		String first = on(this.database).give(TOGETHER).blockOptional(PATIENCE).orElseThrow();
		assertThat(on(this.database).give(TOGETHER).block(PATIENCE)).isNull();
		assertThat(isOpen(first)).isTrue();
		String second = on(this.database).give(Duration.ZERO).blockOptional(PATIENCE).orElseThrow();
		assertThat(second).isNotEqualTo(first);
		assertThat(isOpen(first)).isFalse();
		assertThat(isOpen(second)).isTrue();
	}

	@Test
	void oneThatIsUsedIsNeverGivenAgain() {
		Mono<String> giving = on(this.database).give(Duration.ZERO);
		assertThat(giving.block(PATIENCE)).isNotNull();
		this.database.raw().execute("UPDATE auth.invitation SET used_at = now()");
		assertThat(giving.block(PATIENCE)).isNull();
		assertThat(on(this.database).give(Duration.ZERO).block(PATIENCE)).isNull();
	}

	private AdminInvitation on(MigratedDatabase view) {
		return new AdminInvitation(view.database(), new StoredInvitations(view.database()), trail(), new Randomness());
	}

	private AuditTrail trail() {
		return new AuditTrail() {

			@Override
			public Mono<Void> note(SecurityEvent event) {
				return Mono.error(new IllegalStateException("it changes something"));
			}

			@Override
			public Mono<Void> append(DatabaseClient client, SecurityEvent event) {
				return Mono.fromRunnable(() -> AdminInvitationTests.this.events.add(event));
			}

		};
	}

	/** The sequence is counted even where the transaction is rolled back. */
	private void theFirstCommitTakes(String howLong) {
		this.database.raw().execute("""
				CREATE SEQUENCE auth.commits;
				CREATE FUNCTION auth.take_long() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN
				  IF nextval('auth.commits') = 1 THEN PERFORM pg_sleep_for('%s'); END IF;
				  RETURN NULL;
				END $$;
				CREATE CONSTRAINT TRIGGER takes_long AFTER INSERT ON auth.invitation
				  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auth.take_long()
				""".formatted(howLong));
	}

	private long stored() {
		return count("SELECT count(*) FROM auth.invitation");
	}

	private boolean isOpen(String secret) {
		return count("SELECT count(*) FROM auth.invitation WHERE revoked_at IS NULL AND digest = sha256('" + secret
				+ "'::bytea)") == 1;
	}

	private long count(String sql) {
		return this.database.database()
			.one((client) -> client.sql(sql).map((row) -> Objects.requireNonNull(row.get(0, Long.class))).one())
			.blockOptional(PATIENCE)
			.orElseThrow();
	}

}
