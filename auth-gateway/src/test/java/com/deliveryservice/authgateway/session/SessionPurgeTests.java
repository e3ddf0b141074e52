package com.deliveryservice.authgateway.session;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import reactor.test.StepVerifier;

import static com.deliveryservice.authgateway.session.SessionsFixture.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What is over is deleted, and the statements of the request path stay on their indices
 * however much there is.
 */
class SessionPurgeTests {

	private static final SessionsFixture fixture = new SessionsFixture();

	private static final SessionPurge purge = new SessionPurge(fixture.database);

	/** Past sessions of the given user type with so many tokens each. */
	private static final String PAST = """
			WITH s AS (
			    INSERT INTO auth.session (id, user_id, user_type, ip, created_at, idle_limit, idle_expires_at, expires_at,
			        workflow_token_digest, workflow_token_ends_at)
			    SELECT gen_random_uuid(), gen_random_uuid(), '%1$s', '::1', now() - interval '40 days', interval '1 day',
			        now() + %2$s, now() + %2$s, ''::bytea, now() FROM generate_series(1, %3$d) n RETURNING id)
			INSERT INTO auth.refresh_token (digest, session_id, created_at)
			SELECT sha256((s.id::text || n)::bytea), s.id, now() - interval '3 days' FROM s, generate_series(1, %4$d) n
			""";

	@BeforeAll
	static void fill() {
		fixture.rows.execute(PAST.formatted("kept", "interval '1 minute' * n", 20_000, 2));
		fixture.rows.execute(
				"""
						INSERT INTO auth.session_event (session_id, ended_at, reason)
						SELECT gen_random_uuid(), now() - interval '1 hour' * random(), 'kept' FROM generate_series(1, 20000)""");
		fixture.rows.execute("ANALYZE auth.session, auth.refresh_token, auth.session_event");
	}

	@Test
	void whatIsOverForADayGoesWithItsWholeChainAndNothingElse() {
		OpenSession live = fixture.open(UUID.randomUUID());
		OpenSession ended = fixture.open(UUID.randomUUID());
		OpenSession endedJustNow = fixture.open(UUID.randomUUID());
		List.of(ended, endedJustNow)
			.forEach((session) -> fixture.sessions.end(session.session().id(), EndReason.SIGN_OUT).block(WAIT));
		fixture.execute("UPDATE auth.session SET ended_at = now() - interval '25 hours' WHERE id = '%s'", ended);
		fixture.rows.execute(PAST.formatted("past", "interval '-25 hours'", 100, 50));
		fixture.rows.execute("INSERT INTO auth.session_event (session_id, ended_at, reason) "
				+ "SELECT gen_random_uuid(), now() - interval '49 hours', 'past' FROM generate_series(1, 3000)");
		fixture.rows.execute("INSERT INTO auth.database_outage VALUES (now() - interval '3 days', "
				+ "now() - interval '70 hours'), (now() - interval '1 hour', now())");
		StepVerifier.create(purge.purge())
			.assertNext((deleted) -> assertThat(deleted).isGreaterThan(8000))
			.expectComplete()
			.verify(WAIT);
		assertThat(count("auth.session WHERE user_type = 'past'")).isZero();
		assertThat(count("auth.session_event WHERE reason = 'past'")).isZero();
		assertThat(
				count("auth.refresh_token t WHERE NOT EXISTS (SELECT 1 FROM auth.session s WHERE s.id = t.session_id)"))
			.isZero();
		assertThat(count("auth.session WHERE id = '" + ended.session().id() + "'")).isZero();
		assertThat(
				count("auth.session WHERE id IN ('" + live.session().id() + "','" + endedJustNow.session().id() + "')"))
			.isEqualTo(2);
		assertThat(count("auth.session WHERE user_type = 'kept'")).isEqualTo(20_000);
		assertThat(count("auth.session_event WHERE reason = 'kept'")).isEqualTo(20_000);
		assertThat(count("auth.database_outage")).isEqualTo(1);
	}

	@Test
	void itPassesOverRowsThatSomebodyElseHolds() throws Exception {
		fixture.rows.execute(PAST.formatted("held", "interval '-25 hours'", 1, 1));
		try (var connection = fixture.rows.open(); var statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.executeQuery("SELECT 1 FROM auth.session WHERE user_type = 'held' FOR UPDATE").close();
			StepVerifier.create(purge.purge()).expectNextCount(1).expectComplete().verify(WAIT);
			assertThat(count("auth.session WHERE user_type = 'held'")).isEqualTo(1);
			connection.rollback();
		}
		StepVerifier.create(purge.purge()).expectNextCount(1).expectComplete().verify(WAIT);
		assertThat(count("auth.session WHERE user_type = 'held'")).isZero();
	}

	@ParameterizedTest
	@MethodSource
	void everyStatementStaysOnItsIndices(String name, String sql) {
		String plan = String.join("\n", fixture.column("EXPLAIN " + literal(sql)));
		assertThat(plan).as(name).contains("Index").doesNotContain("Seq Scan");
	}

	static List<Arguments> everyStatementStaysOnItsIndices() {
		return List.of(arguments("rotate", RefreshStore.ROTATE), arguments("look", RefreshStore.LOOK),
				arguments("end replayed", RefreshStore.END_REPLAYED), arguments("list", SessionStore.LIST),
				arguments("end", SessionStore.END), arguments("end by token", SessionStore.END_BY_TOKEN),
				arguments("end all", SessionStore.END_ALL), arguments("end surplus", SessionStore.END_SURPLUS),
				arguments("renewed", SessionStore.RENEWED), arguments("activity", ActivityNotes.WRITE),
				arguments("purge tokens", SessionPurge.TOKENS), arguments("purge sessions", SessionPurge.SESSIONS),
				arguments("purge events", SessionPurge.EVENTS));
	}

	/** The statement with some value for each parameter. */
	private static String literal(String sql) {
		String values = sql.replaceAll("(?<!:):(digest|successor|nonce)\\b", "'\\\\x00'::bytea")
			.replaceAll("(?<!:):(id|userId|except)\\b", "'" + UUID.randomUUID() + "'::uuid")
			.replaceAll("(?<!:):ids\\b", "ARRAY['" + UUID.randomUUID() + "']")
			.replaceAll("(?<!:):streams\\b", "ARRAY[true]")
			.replaceAll("(?<!:):endsAt\\b", "now()")
			.replaceAll("(?<!:):(keyId|reason)\\b", "'x'")
			.replaceAll("(?<!:):(overlap|slack|perMinute|keep|batch)\\b", "10");
		assertThat(Pattern.compile("(?<!:):[a-zA-Z]").matcher(values).find()).as(values).isFalse();
		return values;
	}

	private static long count(String what) {
		return Long.parseLong(fixture.column("SELECT count(*) FROM " + what).get(0));
	}

}
