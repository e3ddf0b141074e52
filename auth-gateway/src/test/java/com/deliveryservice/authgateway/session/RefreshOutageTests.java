package com.deliveryservice.authgateway.session;

import java.time.Duration;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.util.retry.Retry;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.session.RefreshResult.Refreshed;
import com.deliveryservice.authgateway.testing.TcpProxy;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static com.deliveryservice.authgateway.session.SessionsFixture.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RefreshOutageTests {

	private final SessionsFixture direct = new SessionsFixture();

	private final TcpProxy proxy = TcpProxy.to(this.direct.rows.host(), this.direct.rows.port());

	private final MigratedDatabase database = MigratedDatabase
		.over(new TestDatabase("localhost", this.proxy.port(), this.direct.rows.name()));

	private final SessionsFixture cut = new SessionsFixture(this.direct.rows, this.database.database(),
			SessionsFixture.ENCRYPTION_KEY, null);

	private final OpenSession opened = this.direct.open(UUID.randomUUID());

	@BeforeEach
	void warmUp() {
		this.cut.sessions.findLive(UUID.randomUUID()).then().block(WAIT);
	}

	@AfterEach
	void close() {
		this.database.close();
		this.proxy.close();
	}

	@Test
	void withoutTheDatabaseARefreshCannotBeToldAndBurnsNothing() {
		this.proxy.goAway();
		cannotBeTold();
		this.proxy.heal();
		assertThat(refreshed(this.cut).repeated()).isFalse();
	}

	@Test
	void aCutBeforeTheAnswerLeavesTheTokenGood() {
		this.proxy.delay(Duration.ofMillis(200));
		Thread cutting = new Thread(this::cutOnceUsed);
		cutting.start();
		cannotBeTold();
		this.proxy.heal();
		Refreshed again = refreshed(this.direct);
		assertThat(again.repeated()).isTrue();
		assertThat(this.direct.sessions.refresh(again.session().refreshToken()).block(WAIT))
			.isInstanceOf(Refreshed.class);
	}

	@Test
	void aCutInsideTheStatementLeavesTheTokenUnused() throws Exception {
		try (var connection = this.direct.rows.open(); var statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("SELECT 1 FROM auth.session WHERE id = '" + this.opened.session().id() + "' FOR UPDATE");
			Thread cutting = new Thread(this::cutOnceWaiting);
			cutting.start();
			cannotBeTold();
			cutting.join(5000);
			connection.rollback();
		}
		this.proxy.heal();
		assertThat(refreshed(this.cut).repeated()).isFalse();
	}

	@Test
	void anEndingThatCannotBeDoneIsNotReportedDone() {
		this.proxy.goAway();
		assertThatExceptionOfType(DatabaseUnavailableException.class)
			.isThrownBy(() -> this.cut.sessions.end(this.opened.session().id(), EndReason.SIGN_OUT).block(WAIT));
		assertThat(this.cut.ended).isEmpty();
		assertThat(refreshed(this.direct).repeated()).isFalse();
	}

	private void cutOnceUsed() {
		awaitCount("SELECT count(*) FROM auth.refresh_token WHERE session_id = '%s' AND used_at IS NOT NULL");
		this.proxy.reset();
	}

	private void cutOnceWaiting() {
		awaitCount("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
				+ "AND wait_event_type = 'Lock' AND '%s' <> ''");
		this.direct.column("SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity "
				+ "WHERE datname = current_database() AND wait_event_type = 'Lock'");
	}

	private void awaitCount(String sql) {
		org.awaitility.Awaitility.await()
			.atMost(Duration.ofSeconds(5))
			.pollInterval(Duration.ofMillis(5))
			.until(() -> !"0".equals(this.direct.column(sql, this.opened).get(0)));
	}

	private void cannotBeTold() {
		assertThatExceptionOfType(DatabaseUnavailableException.class)
			.isThrownBy(() -> this.cut.sessions.refresh(this.opened.refreshToken()).block(WAIT));
	}

	/**
	 * Connections that were cut may still be in the pool: tried until a good one comes.
	 */
	private Refreshed refreshed(SessionsFixture replica) {
		return replica.sessions.refresh(this.opened.refreshToken())
			.retryWhen(
					Retry.fixedDelay(50, Duration.ofMillis(100)).filter(DatabaseUnavailableException.class::isInstance))
			.cast(Refreshed.class)
			.blockOptional(WAIT)
			.orElseThrow();
	}

}
