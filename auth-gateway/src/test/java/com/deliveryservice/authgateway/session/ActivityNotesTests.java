package com.deliveryservice.authgateway.session;

import java.util.UUID;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.testing.TcpProxy;
import com.deliveryservice.authgateway.testing.TestDatabase;

import reactor.test.StepVerifier;

import static com.deliveryservice.authgateway.session.SessionsFixture.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

class ActivityNotesTests {

	private static final SessionsFixture fixture = new SessionsFixture();

	private final ActivityNotes notes = new ActivityNotes(fixture.database, new SimpleMeterRegistry());

	private final OpenSession opened = fixture.open(UUID.randomUUID());

	@Test
	void aUseMovesWhenTheSessionWasLastSeenAndNotItsIdleLimit() {
		longAgo();
		String idle = text("idle_expires_at");
		this.notes.seen(id());
		write();
		assertThat(text("last_seen_at > now() - interval '10 seconds'")).isEqualTo("t");
		assertThat(text("idle_expires_at")).isEqualTo(idle);
	}

	@Test
	void aSessionThatWasSeenWithinTheMinuteIsNotWrittenAgain() {
		fixture.execute("UPDATE auth.session SET last_seen_at = now() - interval '40 seconds' WHERE id = '%s'",
				this.opened);
		String seen = text("last_seen_at");
		this.notes.seen(id());
		write();
		assertThat(text("last_seen_at")).isEqualTo(seen);
	}

	@Test
	void anOpenStreamMovesTheIdleLimitButNeverPastTheAbsoluteOne() {
		longAgo();
		this.notes.streaming(id());
		write();
		assertThat(text("idle_expires_at > now() + idle_limit - interval '10 seconds'")).isEqualTo("t");
		fixture.execute("UPDATE auth.session SET expires_at = now() + interval '2 minutes', "
				+ "idle_expires_at = now() + interval '1 minute' WHERE id = '%s'", this.opened);
		this.notes.streaming(id());
		write();
		assertThat(text("idle_expires_at = expires_at")).isEqualTo("t");
	}

	@Test
	void nothingRevivesASessionThatHasEndedOrIdledAway() {
		fixture.execute("UPDATE auth.session SET idle_expires_at = now() - interval '1 minute' WHERE id = '%s'",
				this.opened);
		this.notes.streaming(id());
		write();
		assertThat(text("idle_expires_at < now()")).isEqualTo("t");
		fixture.sessions.end(id(), EndReason.SIGN_OUT).block(WAIT);
		String row = text("s::text");
		this.notes.streaming(id());
		write();
		assertThat(text("s::text")).isEqualTo(row);
	}

	@Test
	void manySessionsAreWrittenInBatches() {
		fixture.rows.execute(
				"""
						INSERT INTO auth.session (id, user_id, user_type, ip, last_seen_at, idle_limit, idle_expires_at, expires_at,
						    workflow_token_digest, workflow_token_ends_at)
						SELECT gen_random_uuid(), gen_random_uuid(), 'many', '::1', now() - interval '1 hour', interval '1 hour',
						    now() + interval '1 hour', now() + interval '1 day', ''::bytea, now() FROM generate_series(1, 1200)
						""");
		fixture.column("SELECT id FROM auth.session WHERE user_type = 'many'")
			.forEach((id) -> this.notes.seen(UUID.fromString(id)));
		write();
		assertThat(fixture.column("SELECT count(*) FROM auth.session WHERE user_type = 'many' "
				+ "AND last_seen_at > now() - interval '1 minute'"))
			.containsExactly("1200");
	}

	@Test
	void whileTheDatabaseIsAwayTheNotesWait() {
		longAgo();
		try (TcpProxy proxy = TcpProxy.to(fixture.rows.host(), fixture.rows.port());
				MigratedDatabase far = MigratedDatabase
					.over(new TestDatabase("localhost", proxy.port(), fixture.rows.name()))) {
			ActivityNotes cutOff = new ActivityNotes(far.database(), new SimpleMeterRegistry());
			cutOff.seen(id());
			proxy.goAway();
			StepVerifier.create(cutOff.write()).expectError().verify(WAIT);
			assertThat(text("last_seen_at < now() - interval '1 minute'")).isEqualTo("t");
			proxy.heal();
			StepVerifier.create(cutOff.write()).expectComplete().verify(WAIT);
			assertThat(text("last_seen_at > now() - interval '1 minute'")).isEqualTo("t");
		}
	}

	private void write() {
		StepVerifier.create(this.notes.write()).expectComplete().verify(WAIT);
	}

	private void longAgo() {
		fixture.execute("UPDATE auth.session SET last_seen_at = now() - interval '1 hour', "
				+ "idle_expires_at = now() + interval '1 minute' WHERE id = '%s'", this.opened);
	}

	private UUID id() {
		return this.opened.session().id();
	}

	private String text(String expression) {
		return fixture.column("SELECT " + expression + " FROM auth.session s WHERE id = '%s'", this.opened).get(0);
	}

}
