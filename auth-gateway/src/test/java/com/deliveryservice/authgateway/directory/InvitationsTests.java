package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.database.MigratedDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is forgotten of many invitations is found by an index.
 */
class InvitationsTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	@AfterAll
	static void close() {
		DATABASE.close();
	}

	@Test
	void whatIsForgottenIsFoundByAnIndex() {
		DATABASE.raw().execute("""
				INSERT INTO auth.invitation (digest, user_type, expires_at, used_at)
				SELECT sha256(n::text::bytea), 'courier', now() - n * interval '3 minutes',
				  CASE WHEN n % 100 > 0 THEN now() END FROM generate_series(1, 20000) n;
				INSERT INTO auth.sign_up (state, login, login_normalized, contact_kind, contact, user_type,
				  attempts_allowed, invitation_id)
				SELECT 'completed', 'u', 'u' || n, 'email', 'u' || n, 'customer', 5,
				  CASE WHEN n % 100 = 0 THEN (SELECT id FROM auth.invitation WHERE digest = sha256(n::text::bytea)) END
				FROM generate_series(1, 20000) n;
				ANALYZE auth.invitation; ANALYZE auth.sign_up""");
		List<String> plan = DATABASE.database()
			.many((client) -> client.sql("EXPLAIN " + Invitations.FORGET)
				.map((row) -> String.valueOf(row.get(0)))
				.all())
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(String.join("\n", plan)).contains("invitation_to_forget").doesNotContain("Seq Scan");
	}

}
