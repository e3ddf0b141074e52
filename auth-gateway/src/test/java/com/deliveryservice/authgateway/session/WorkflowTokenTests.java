package com.deliveryservice.authgateway.session;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.session.RefreshResult.Refreshed;
import com.deliveryservice.authgateway.session.RefreshResult.RenewalDue;
import com.deliveryservice.authgateway.session.RefreshResult.TooMany;

import static com.deliveryservice.authgateway.session.SessionsFixture.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What workflow-auth's session token behind a session, and its own pace, do to a refresh.
 */
class WorkflowTokenTests {

	private static final SessionsFixture fixture = new SessionsFixture();

	private final OpenSession opened = fixture.open(UUID.randomUUID());

	@Test
	void aTokenThatIsAboutToEndIsRenewedFirstAndNothingIsUsedUp() {
		tokenEnds("now() + interval '9 minutes'");
		assertThat(refresh()).isEqualTo(due());
		assertThat(refresh()).isEqualTo(due());
		assertThat(fixture.sessions.refreshInGrace(this.opened.refreshToken()).block(WAIT))
			.isInstanceOfSatisfying(Refreshed.class, (refreshed) -> assertThat(refreshed.repeated()).isFalse());
	}

	@Test
	void aTokenThatLastsIsNot() {
		tokenEnds("now() + interval '11 minutes'");
		assertThat(refresh()).isInstanceOf(Refreshed.class);
	}

	@Test
	void theGraceEndsAndTheRefreshTokenStaysGood() {
		tokenEnds("now() - interval '3 hours 59 minutes'");
		tokenEnds("now() - interval '4 hours 1 second'");
		assertThat(fixture.sessions.refreshInGrace(this.opened.refreshToken()).block(WAIT)).isEqualTo(due());
		tokenEnds("now() - interval '3 hours 59 minutes'");
		assertThat(fixture.sessions.refreshInGrace(this.opened.refreshToken()).block(WAIT))
			.isInstanceOf(Refreshed.class);
	}

	@Test
	void aRenewedTokenServesEverySessionThatItIsBehind() {
		UUID guid = UUID.randomUUID();
		OpenSession twin = fixture.open(this.opened.session().userId());
		OpenSession stranger = fixture.open(UUID.randomUUID());
		renewed(twin, guid, Instant.now().plus(Duration.ofMinutes(1)));
		fixture.execute("UPDATE auth.session SET workflow_token_ends_at = now() WHERE id = '%s'", stranger);
		tokenEnds("now()");
		renewed(this.opened, guid, Instant.now().plus(Duration.ofHours(5)));
		assertThat(refresh()).isInstanceOf(Refreshed.class);
		assertThat(fixture.sessions.refresh(twin.refreshToken()).block(WAIT)).isInstanceOf(Refreshed.class);
		assertThat(fixture.sessions.refresh(stranger.refreshToken()).block(WAIT)).isInstanceOf(RenewalDue.class);
	}

	@Test
	void onlyADigestOfTheTokenIsStored() {
		UUID guid = UUID.randomUUID();
		renewed(this.opened, guid, Instant.now().plus(Duration.ofHours(5)));
		assertThat(fixture.dump()).doesNotContain(guid.toString());
	}

	@Test
	void aSessionThatIsRenewedTooOftenHasToWaitAndLosesNothing() {
		RefreshToken token = this.opened.refreshToken();
		for (int i = 0; i < 30; i++) {
			token = refreshed(token);
		}
		assertThat(fixture.sessions.refresh(token).block(WAIT)).isEqualTo(new TooMany());
		fixture.execute("UPDATE auth.refresh_token SET created_at = created_at - interval '61 seconds' "
				+ "WHERE session_id = '%s'", this.opened);
		refreshed(token);
	}

	@Test
	void aPhoneThatRepeatsItselfIsNotTooFast() {
		for (int i = 0; i < 40; i++) {
			refreshed(this.opened.refreshToken());
		}
	}

	private static RefreshToken refreshed(RefreshToken token) {
		return fixture.sessions.refresh(token)
			.cast(Refreshed.class)
			.blockOptional(WAIT)
			.orElseThrow()
			.session()
			.refreshToken();
	}

	private RefreshResult refresh() {
		return fixture.sessions.refresh(this.opened.refreshToken()).blockOptional(WAIT).orElseThrow();
	}

	private RenewalDue due() {
		return new RenewalDue(this.opened.session().id(), this.opened.session().userId());
	}

	private static void renewed(OpenSession session, UUID guid, Instant endsAt) {
		fixture.sessions.renewed(new RenewalDue(session.session().id(), session.session().userId()), guid, endsAt)
			.block(WAIT);
	}

	private void tokenEnds(String at) {
		fixture.execute("UPDATE auth.session SET workflow_token_ends_at = " + at + " WHERE id = '%s'", this.opened);
	}

}
