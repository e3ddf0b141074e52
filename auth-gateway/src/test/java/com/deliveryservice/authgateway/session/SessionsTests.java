package com.deliveryservice.authgateway.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static com.deliveryservice.authgateway.session.SessionsFixture.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

class SessionsTests {

	private static SessionsFixture fixture;

	private final UUID userId = UUID.randomUUID();

	@BeforeAll
	static void create() {
		fixture = new SessionsFixture();
	}

	@Test
	void aSessionOpensWithTheLimitsOfItsUserType() {
		OpenSession opened = fixture.open(this.userId);
		Session session = opened.session();
		assertThat(session.userId()).isEqualTo(this.userId);
		assertThat(session.userType()).isEqualTo("courier");
		assertThat(session.deviceName()).isEqualTo("Pixel 9");
		assertThat(session.ip()).isEqualTo("192.0.2.7");
		assertThat(Duration.between(session.createdAt(), session.idleExpiresAt())).isEqualTo(Duration.ofHours(12));
		assertThat(Duration.between(session.createdAt(), session.expiresAt())).isEqualTo(Duration.ofHours(24));
		assertThat(opened.refreshExpiresIn()).isCloseTo(Duration.ofHours(12), Duration.ofSeconds(5));
	}

	@Test
	void theUserTypesLimitEndsTheOldestSession() {
		OpenSession first = fixture.open(this.userId);
		OpenSession second = fixture.open(this.userId);
		OpenSession third = fixture.open(this.userId);
		OpenSession fourth = fixture.open(this.userId);
		assertThat(live()).containsExactly(fourth.session().id(), third.session().id(), second.session().id());
		assertThat(fixture.ended).contains(first.session().id());
		assertThat(fixture.column("SELECT reason FROM auth.session_event WHERE session_id = '%s'", first))
			.containsExactly("replaced");
	}

	@Test
	void oneIsEndedByItsOwnerAloneHoweverOften() {
		UUID id = fixture.open(this.userId).session().id();
		UUID stranger = UUID.randomUUID();
		assertThat(fixture.sessions.endOf(stranger, id, EndReason.ENDED_BY_USER).block(WAIT)).isFalse();
		assertThat(live()).containsExactly(id);
		for (int times = 0; times < 2; times++) {
			assertThat(fixture.sessions.endOf(this.userId, id, EndReason.ENDED_BY_USER).block(WAIT)).isTrue();
			assertThat(live()).isEmpty();
		}
		assertThat(fixture.ended).contains(id);
		assertThat(fixture.sessions.endOf(this.userId, stranger, EndReason.ENDED_BY_USER).block(WAIT)).isFalse();
	}

	@Test
	void oneWhoseConditionIsNotMetIsNotOpenedAndReplacesNothing() {
		List<UUID> before = List.of(fixture.open(this.userId).session().id(), fixture.open(this.userId).session().id(),
				fixture.open(this.userId).session().id());
		assertThat(
				fixture.sessions.open(SessionsFixture.newSession(this.userId, "courier"), (client) -> Mono.just(false))
					.blockOptional(WAIT))
			.isEmpty();
		assertThat(live()).containsExactlyInAnyOrderElementsOf(before);
	}

	@Test
	void manySignInsAtOnceNeverExceedTheLimit() {
		Flux.range(0, 20)
			.flatMap((n) -> fixture.sessions.open(SessionsFixture.newSession(this.userId, "courier"),
					SessionsFixture.ALWAYS), 20)
			.then()
			.block(WAIT);
		assertThat(live()).hasSize(3);
	}

	@Test
	void anEndedSessionIsLiveNoMoreAndKnownHereAtOnce() {
		UUID id = fixture.open(this.userId).session().id();
		assertThat(fixture.sessions.end(id, EndReason.SIGN_OUT).block(WAIT)).isTrue();
		assertThat(fixture.ended).contains(id);
		assertThat(live()).isEmpty();
	}

	@Test
	void aSessionEndsOnceAndWritesOneEvent() {
		OpenSession opened = fixture.open(this.userId);
		fixture.sessions.end(opened.session().id(), EndReason.SIGN_OUT).block(WAIT);
		assertThat(fixture.sessions.end(opened.session().id(), EndReason.REVOKED).block(WAIT)).isFalse();
		assertThat(fixture.column("SELECT reason FROM auth.session_event WHERE session_id = '%s'", opened))
			.containsExactly("sign_out");
	}

	@Test
	void anUnknownSessionIsNotEnded() {
		assertThat(fixture.sessions.end(UUID.randomUUID(), EndReason.SIGN_OUT).block(WAIT)).isFalse();
	}

	@Test
	void allSessionsButOneEnd() {
		UUID kept = fixture.open(this.userId).session().id();
		UUID other = fixture.open(this.userId).session().id();
		UUID stranger = fixture.open(UUID.randomUUID()).session().id();
		assertThat(fixture.sessions.endAll(this.userId, kept, EndReason.PASSWORD_CHANGED).block(WAIT))
			.containsExactly(other);
		assertThat(live()).containsExactly(kept);
		assertThat(fixture.ended).contains(other).doesNotContain(kept, stranger);
	}

	@Test
	void allSessionsEnd() {
		List<UUID> ids = new ArrayList<>();
		ids.add(fixture.open(this.userId).session().id());
		ids.add(fixture.open(this.userId).session().id());
		assertThat(fixture.sessions.endAll(this.userId, null, EndReason.SUSPENDED).block(WAIT))
			.containsExactlyInAnyOrderElementsOf(ids);
		assertThat(live()).isEmpty();
	}

	@Test
	void aSessionPastItsIdleLimitIsNotListed() {
		OpenSession opened = fixture.open(this.userId);
		fixture.execute("UPDATE auth.session SET idle_expires_at = now() WHERE id = '%s'", opened);
		assertThat(live()).isEmpty();
	}

	@Test
	void theTablesHoldNoTokenAndNoSessionToken() {
		OpenSession opened = fixture.open(this.userId);
		NewSession session = SessionsFixture.newSession(this.userId, "courier");
		fixture.sessions.open(session, SessionsFixture.ALWAYS).block(WAIT);
		assertThat(fixture.dump()).doesNotContain(opened.refreshToken().value())
			.doesNotContain(session.workflowTokenGuid().toString())
			.doesNotContain(session.workflowTokenGuid().toString().replace("-", ""));
	}

	@Test
	void secretsDoNotPrint() {
		OpenSession opened = fixture.open(this.userId);
		assertThat(opened.toString()).doesNotContain(opened.refreshToken().value());
	}

	private List<UUID> live() {
		return fixture.sessions.findLive(this.userId).map(Session::id).collectList().blockOptional(WAIT).orElseThrow();
	}

}
