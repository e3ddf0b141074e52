package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.util.UUID;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.audit.AuditFixture;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.protection.ProtectionFixture;

import static com.deliveryservice.authgateway.directory.Accounts.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Who asks past the edge is recorded by the account that was asked for.
 */
class CountedCredentialsTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private static final PasswordHashing HASHING = Accounts.newHashing();

	private final AuditFixture audit = new AuditFixture(DATABASE);

	private final CountedCredentials credentials = new CountedCredentials(
			new Credentials(new StoredUsers(DATABASE.database()), HASHING),
			ProtectionFixture.throttle(DATABASE.database()), ProtectionFixture.underWay(DATABASE.database()),
			this.audit.trail());

	@AfterAll
	static void close() {
		DATABASE.close();
		HASHING.destroy();
	}

	@Test
	void eachWrongGuessAndBeingToldToWaitIsAnEventAndARightOneIsNone() {
		UUID vera = new Accounts(DATABASE.raw(), HASHING).add("vera", "vera@example.org", "courier");
		assertThat(verify("vera", PASSWORD).blockOptional(SOON)).isPresent();
		for (int guess = 0; guess < 6; guess++) {
			assertThat(verify("Vera", "guess " + guess).blockOptional(SOON)).isEmpty();
		}
		DATABASE.raw().execute("UPDATE auth.throttle SET blocked_until = now() + interval '1 h' WHERE failures >= 6");
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> verify("vera", PASSWORD).block(SOON));
		this.audit.flush();
		assertThat(this.audit.types()).containsOnly("sign_in_failed", "sign_in_throttled").hasSize(7);
		assertThat(this.audit.column("SELECT DISTINCT user_id || detail FROM auth.audit_event"))
			.containsExactly(vera + "{\"past_the_edge\":\"true\"}");
	}

	private Mono<User> verify(String login, String password) {
		return this.credentials.verify(login, password);
	}

}
