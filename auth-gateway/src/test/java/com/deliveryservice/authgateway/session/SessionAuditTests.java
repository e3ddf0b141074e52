package com.deliveryservice.authgateway.session;

import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the audit trail says of sessions.
 */
class SessionAuditTests {

	private final SessionsFixture fixture = new SessionsFixture();

	private final UUID anna = UUID.randomUUID();

	@Test
	void aSignInAndASignOutAreRecordedWithTheDevice() {
		OpenSession open = this.fixture.open(this.anna);
		end(open, EndReason.SIGN_OUT);
		assertThat(events(open)).containsExactly("sign_in Pixel 9 {\"user_type\":\"courier\"}",
				"sign_out Pixel 9 {\"reason\":\"sign_out\"}");
	}

	@Test
	void everySessionThatEndsIsRecordedOnceWithItsReason() {
		OpenSession first = this.fixture.open(this.anna);
		OpenSession second = this.fixture.open(this.anna);
		this.fixture.sessions.endAll(this.anna, null, EndReason.SUSPENDED).block(SessionsFixture.WAIT);
		this.fixture.sessions.endAll(this.anna, null, EndReason.SUSPENDED).block(SessionsFixture.WAIT);
		assertThat(List.of(first, second)).allSatisfy((open) -> assertThat(events(open)).hasSize(2)
			.last()
			.isEqualTo("session_ended Pixel 9 {\"reason\":\"suspended\"}"));
	}

	@Test
	void aReplayIsRecordedAndNoTokenIsInIt() {
		OpenSession open = this.fixture.open(this.anna);
		refresh(refresh(open.refreshToken()));
		this.fixture.sessions.refresh(open.refreshToken()).block(SessionsFixture.WAIT);
		assertThat(events(open)).hasSize(2).last().asString().startsWith("refresh_replayed");
		assertThat(this.fixture.column("SELECT e::text FROM auth.audit_event e"))
			.allSatisfy((event) -> assertThat(event).doesNotContain(open.refreshToken().value())
				.doesNotContain(SessionsFixture.hexOf(open.refreshToken())));
	}

	private RefreshToken refresh(RefreshToken token) {
		RefreshResult result = this.fixture.sessions.refresh(token).blockOptional(SessionsFixture.WAIT).orElseThrow();
		return ((RefreshResult.Refreshed) result).session().refreshToken();
	}

	private void end(OpenSession open, EndReason reason) {
		this.fixture.sessions.end(open.session().id(), reason).block(SessionsFixture.WAIT);
	}

	private List<String> events(OpenSession open) {
		return this.fixture.column("SELECT concat_ws(' ', type, device_name, detail) FROM auth.audit_event"
				+ " WHERE session_id = '%s' ORDER BY at", open);
	}

}
