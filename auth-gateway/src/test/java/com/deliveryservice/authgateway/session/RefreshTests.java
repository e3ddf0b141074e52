package com.deliveryservice.authgateway.session;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.session.RefreshResult.Reason;
import com.deliveryservice.authgateway.session.RefreshResult.Refreshed;
import com.deliveryservice.authgateway.session.RefreshResult.Rejected;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static com.deliveryservice.authgateway.session.SessionsFixture.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

class RefreshTests {

	private static final SessionsFixture fixture = new SessionsFixture();

	/** Another replica on the same database. */
	private static final SessionsFixture other = new SessionsFixture(fixture.rows, SessionsFixture.ENCRYPTION_KEY,
			null);

	private final OpenSession opened = fixture.open(UUID.randomUUID());

	@AfterEach
	void forgetOutages() {
		fixture.rows.execute("DELETE FROM auth.database_outage");
		fixture.rows.execute("DELETE FROM auth.database_seen");
	}

	@Test
	void aRefreshGivesANewTokenForTheSameSession() {
		Refreshed refreshed = refreshed(this.opened.refreshToken());
		assertThat(refreshed.repeated()).isFalse();
		assertThat(refreshed.session().refreshToken()).isNotEqualTo(this.opened.refreshToken());
		assertThat(refreshed.session().session().id()).isEqualTo(this.opened.session().id());
		assertThat(refreshed.session().session().expiresAt()).isEqualTo(this.opened.session().expiresAt());
	}

	@Test
	void aRefreshMovesTheIdleLimitButNeverPastTheAbsoluteOne() {
		sql("UPDATE auth.session SET idle_expires_at = now() + interval '1 minute' WHERE id = '%s'");
		Refreshed moved = refreshed(this.opened.refreshToken());
		assertThat(moved.session().session().idleExpiresAt()).isAfter(this.opened.session().idleExpiresAt());
		sql("UPDATE auth.session SET expires_at = now() + interval '1 hour', "
				+ "idle_expires_at = now() + interval '1 minute' WHERE id = '%s'");
		Session limited = refreshed(moved.session().refreshToken()).session().session();
		assertThat(limited.idleExpiresAt()).isEqualTo(limited.expiresAt());
	}

	@Test
	void aLostAnswerIsGivenAgainOnAnyReplicaAndAfterARestart() {
		RefreshToken successor = refreshed(this.opened.refreshToken()).session().refreshToken();
		Refreshed again = refreshed(other, this.opened.refreshToken());
		assertThat(again.repeated()).isTrue();
		assertThat(again.session().refreshToken()).isEqualTo(successor);
		assertThat(again.session().session().id()).isEqualTo(this.opened.session().id());
		assertThat(again.session().refreshExpiresIn()).isPositive();
		assertThat(refreshed(successor).repeated()).isFalse();
	}

	@Test
	void aLostAnswerIsGivenAgainAfterTheEncryptionKeyChanged() {
		RefreshToken successor = refreshed(this.opened.refreshToken()).session().refreshToken();
		SessionsFixture changed = new SessionsFixture(fixture.rows, "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
				SessionsFixture.ENCRYPTION_KEY);
		assertThat(refreshed(changed, this.opened.refreshToken()).session().refreshToken()).isEqualTo(successor);
	}

	@Test
	void aTokenWhoseDerivationKeyIsGoneIsRejectedWithoutEndingItsSession() {
		refreshed(this.opened.refreshToken());
		SessionsFixture changed = new SessionsFixture(fixture.rows, "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
				null);
		assertThat(reason(changed, this.opened.refreshToken())).isEqualTo(Reason.EXPIRED);
		assertThat(live()).isTrue();
	}

	@Test
	void aUsedTokenWhoseSuccessorWasUsedEndsTheSession() {
		RefreshToken second = refreshed(this.opened.refreshToken()).session().refreshToken();
		RefreshToken third = refreshed(second).session().refreshToken();
		assertThat(reason(other, this.opened.refreshToken())).isEqualTo(Reason.REPLAYED);
		assertThat(other.ended).contains(this.opened.session().id());
		assertThat(live()).isFalse();
		assertThat(reason(fixture, third)).isEqualTo(Reason.ENDED);
		assertThat(fixture.column("SELECT reason FROM auth.session_event WHERE session_id = '%s'", this.opened))
			.containsExactly("replay");
	}

	@Test
	void aUsedTokenPastTheOverlapEndsTheSession() {
		RefreshToken successor = refreshed(this.opened.refreshToken()).session().refreshToken();
		sql("UPDATE auth.refresh_token SET used_at = used_at - interval '601 seconds' "
				+ "WHERE session_id = '%s' AND used_at IS NOT NULL");
		assertThat(reason(fixture, this.opened.refreshToken())).isEqualTo(Reason.REPLAYED);
		assertThat(reason(fixture, successor)).isEqualTo(Reason.ENDED);
	}

	@Test
	void withinTheOverlapItIsStillGivenAgain() {
		refreshed(this.opened.refreshToken());
		sql("UPDATE auth.refresh_token SET used_at = used_at - interval '590 seconds' "
				+ "WHERE session_id = '%s' AND used_at IS NOT NULL");
		assertThat(refreshed(this.opened.refreshToken()).repeated()).isTrue();
	}

	@Test
	void timeInWhichTheDatabaseWasAwayDoesNotCount() {
		refreshed(this.opened.refreshToken());
		sql("UPDATE auth.refresh_token SET used_at = used_at - interval '20 minutes' "
				+ "WHERE session_id = '%s' AND used_at IS NOT NULL");
		fixture.rows.execute("INSERT INTO auth.database_outage (began_at, ended_at) "
				+ "VALUES (now() - interval '25 minutes', now() - interval '9 minutes')");
		assertThat(refreshed(this.opened.refreshToken()).repeated()).isTrue();
		fixture.rows.execute("DELETE FROM auth.database_outage");
		assertThat(reason(fixture, this.opened.refreshToken())).isEqualTo(Reason.REPLAYED);
	}

	@Test
	void anOutageThatNobodyCouldNoteYetDoesNotCountEither() {
		refreshed(this.opened.refreshToken());
		sql("UPDATE auth.refresh_token SET used_at = used_at - interval '20 minutes' "
				+ "WHERE session_id = '%s' AND used_at IS NOT NULL");
		fixture.rows.execute("INSERT INTO auth.database_seen (seen_at) VALUES (now() - interval '15 minutes')");
		assertThat(refreshed(this.opened.refreshToken()).repeated()).isTrue();
		fixture.rows.execute("SELECT auth.see_database()");
		assertThat(refreshed(this.opened.refreshToken()).repeated()).isTrue();
		assertThat(fixture.column("SELECT extract(minute FROM ended_at - began_at) FROM auth.database_outage"))
			.containsExactly("15");
	}

	@Test
	void aTokenNobodyGotIsUnknown() {
		assertThat(reason(fixture, new RefreshToken("A".repeat(43)))).isEqualTo(Reason.UNKNOWN);
	}

	@Test
	void theIdleLimitEndsTheChain() {
		sql("UPDATE auth.session SET idle_expires_at = now() WHERE id = '%s'");
		assertThat(reason(fixture, this.opened.refreshToken())).isEqualTo(Reason.EXPIRED);
	}

	@Test
	void theAbsoluteLimitEndsTheChain() {
		sql("UPDATE auth.session SET expires_at = now(), idle_expires_at = now() WHERE id = '%s'");
		assertThat(reason(fixture, this.opened.refreshToken())).isEqualTo(Reason.EXPIRED);
	}

	@Test
	void anEndedSessionIsNotRefreshed() {
		fixture.sessions.end(this.opened.session().id(), EndReason.SIGN_OUT).block(WAIT);
		assertThat(reason(other, this.opened.refreshToken())).isEqualTo(Reason.ENDED);
	}

	@Test
	void fiftyRefreshesAtOnceOnTwoReplicasLeaveOneSuccessor() {
		List<Refreshed> results = Flux.range(0, 50)
			.flatMap((n) -> ((n % 2 == 0) ? fixture : other).sessions.refresh(this.opened.refreshToken()), 50)
			.cast(Refreshed.class)
			.collectList()
			.blockOptional(WAIT)
			.orElseThrow();
		Set<RefreshToken> successors = new HashSet<>();
		results.forEach((result) -> successors.add(result.session().refreshToken()));
		assertThat(successors).hasSize(1);
		assertThat(results).filteredOn((result) -> !result.repeated()).hasSize(1);
		assertThat(unused()).isEqualTo(1);
	}

	@Test
	void aRefreshAgainstASignOutNeverLeavesALiveChain() {
		for (int i = 0; i < 50; i++) {
			OpenSession session = fixture.open(UUID.randomUUID());
			RefreshResult result = Mono
				.zip(fixture.sessions.refresh(session.refreshToken()),
						other.sessions.end(session.session().id(), EndReason.SIGN_OUT))
				.map((both) -> both.getT1())
				.blockOptional(WAIT)
				.orElseThrow();
			assertThat(reason(fixture, session.refreshToken())).isEqualTo(Reason.ENDED);
			if (result instanceof Refreshed refreshed) {
				assertThat(reason(other, refreshed.session().refreshToken())).isEqualTo(Reason.ENDED);
			}
		}
	}

	@Test
	void aForkOfTheChainIsImpossible() {
		refreshed(this.opened.refreshToken());
		assertThat(fixture.column("SELECT count(*) FROM auth.refresh_token WHERE session_id = '%s'", this.opened))
			.containsExactly("2");
		refreshed(this.opened.refreshToken());
		assertThat(fixture.column("SELECT count(*) FROM auth.refresh_token WHERE session_id = '%s'", this.opened))
			.containsExactly("2");
	}

	@Test
	void theTablesHoldNoTokenOfTheChain() {
		RefreshToken successor = refreshed(this.opened.refreshToken()).session().refreshToken();
		assertThat(fixture.dump()).doesNotContain(successor.value())
			.doesNotContain(this.opened.refreshToken().value())
			.doesNotContain(SessionsFixture.hexOf(successor));
	}

	private static Refreshed refreshed(RefreshToken token) {
		return refreshed(fixture, token);
	}

	private static Refreshed refreshed(SessionsFixture replica, RefreshToken token) {
		return replica.sessions.refresh(token).cast(Refreshed.class).blockOptional(WAIT).orElseThrow();
	}

	private static Reason reason(SessionsFixture replica, RefreshToken token) {
		return replica.sessions.refresh(token).cast(Rejected.class).blockOptional(WAIT).orElseThrow().reason();
	}

	private boolean live() {
		return fixture.sessions.findLive(this.opened.session().userId())
			.hasElements()
			.blockOptional(WAIT)
			.orElseThrow();
	}

	private int unused() {
		return Integer.parseInt(fixture
			.column("SELECT count(*) FROM auth.refresh_token WHERE session_id = '%s' AND used_at IS NULL", this.opened)
			.get(0));
	}

	private void sql(String sql) {
		fixture.execute(sql, this.opened);
	}

}
