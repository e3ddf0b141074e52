package com.deliveryservice.authgateway.revocation;

import java.time.Duration;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.testing.TcpProxy;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RevocationTests {

	private static final Duration NEVER = Duration.ofSeconds(59);

	private static TestDatabase database;

	private TcpProxy listening;

	private TcpProxy polling;

	RevocationTests() {
		this.listening = TcpProxy.to(database.host(), database.port());
		this.polling = TcpProxy.to(database.host(), database.port());
	}

	@BeforeAll
	static void create() {
		database = MigratedDatabase.create().raw();
	}

	@BeforeEach
	void clean() {
		database.execute("DELETE FROM auth.session_event");
		database.execute("DELETE FROM auth.database_seen");
	}

	@AfterEach
	void close() {
		this.listening.close();
		this.polling.close();
	}

	@Test
	void everyReplicaHearsOfAnEndWithinASecond() {
		try (ReplicaFixture first = replica(NEVER); ReplicaFixture second = replica(NEVER)) {
			connected(first);
			connected(second);
			UUID id = end("now()");
			await().atMost(Duration.ofSeconds(1)).until(() -> first.registry.contains(id));
			await().atMost(Duration.ofSeconds(1)).until(() -> second.registry.contains(id));
			assertThat(first.meters.get("auth_gateway.revocation.lag").timer().count()).isEqualTo(1);
		}
	}

	@Test
	void everyReplicaHearsOfAChangedKeyAndOfThoseItMissed() {
		try (ReplicaFixture replica = replica(NEVER)) {
			connected(replica);
			int before = replica.keyChanges.get();
			assertThat(before).isPositive();
			changeKey();
			await().atMost(Duration.ofSeconds(1)).until(() -> replica.keyChanges.get() > before);
			this.listening.goAway();
			changeKey();
			int missed = replica.keyChanges.get();
			this.listening.heal();
			await().atMost(Duration.ofMillis(1500)).until(() -> replica.keyChanges.get() > missed);
		}
	}

	@Test
	void aReplicaKnowsThatItIsCutOffAndThatItIsNotAnyMore() {
		try (ReplicaFixture replica = replica(NEVER)) {
			connected(replica);
			assertThat(replica.registry.isCutOff()).isFalse();
			this.polling.goAway();
			await().during(Duration.ofSeconds(2))
				.atMost(Duration.ofSeconds(3))
				.until(() -> !replica.registry.isCutOff());
			this.listening.goAway();
			await().atMost(Duration.ofSeconds(1)).until(replica.registry::isCutOff);
			this.listening.heal();
			await().atMost(Duration.ofSeconds(1)).until(() -> !replica.registry.isCutOff());
			this.listening.blackHole();
			await().atMost(Duration.ofSeconds(3)).until(replica.registry::isCutOff);
		}
	}

	@Test
	void aStartKnowsWhatEndedBefore() {
		UUID recent = end("now() - interval '19 minutes'");
		UUID old = end("now() - interval '25 minutes'");
		try (ReplicaFixture replica = replica(NEVER)) {
			await().atMost(Duration.ofSeconds(10)).until(replica.registry::areLoaded);
			assertThat(replica.registry.contains(recent)).isTrue();
			assertThat(replica.registry.contains(old)).isFalse();
			assertThat(replica.registry.isStale()).isFalse();
		}
	}

	@Test
	void thePollFindsWhatWasMissedWhileTheNotificationsAreCut() {
		try (ReplicaFixture replica = replica(Duration.ofMillis(500))) {
			connected(replica);
			this.listening.goAway();
			UUID id = end("now()");
			await().atMost(Duration.ofMillis(1500)).until(() -> replica.registry.contains(id));
			assertThat(replica.notifications.areConnected()).isFalse();
		}
	}

	@Test
	void thePollFindsWhatASilentConnectionDoesNotTell() {
		try (ReplicaFixture replica = replica(Duration.ofMillis(500))) {
			connected(replica);
			this.listening.blackHole();
			UUID id = end("now()");
			await().atMost(Duration.ofMillis(1500)).until(() -> replica.registry.contains(id));
			await().atMost(Duration.ofSeconds(5)).until(() -> !replica.notifications.areConnected());
		}
	}

	@Test
	void aNewConnectionReadsWhatWasMissed() {
		try (ReplicaFixture replica = replica(NEVER)) {
			connected(replica);
			this.listening.goAway();
			this.polling.goAway();
			UUID id = end("now()");
			this.listening.heal();
			await().atMost(Duration.ofMillis(1500)).until(() -> replica.registry.contains(id));
			assertThat(replica.notifications.areConnected()).isTrue();
		}
	}

	@Test
	void aTerminatedBackendIsReplacedAtOnce() {
		try (ReplicaFixture replica = replica(NEVER)) {
			connected(replica);
			database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
					+ "WHERE datname = current_database() AND pid <> pg_backend_pid()");
			UUID id = end("now()");
			await().atMost(Duration.ofMillis(1500)).until(() -> replica.registry.contains(id));
		}
	}

	@Test
	void anEndThatIsCommittedLateIsStillFound() {
		try (ReplicaFixture replica = replica(Duration.ofMillis(200))) {
			connected(replica);
			this.listening.goAway();
			UUID id = end("now() - interval '30 seconds'");
			await().atMost(Duration.ofMillis(1200)).until(() -> replica.registry.contains(id));
		}
	}

	@Test
	void knowledgeGoesStaleWithoutTheDatabaseAndIsFreshAgainWhenItIsBack() {
		try (ReplicaFixture replica = new ReplicaFixture(database, this.listening.port(), this.polling.port(),
				Duration.ofMillis(200), Duration.ofMillis(1500))) {
			connected(replica);
			assertThat(replica.registry.isStale()).isFalse();
			this.listening.goAway();
			this.polling.goAway();
			await().atMost(Duration.ofSeconds(4)).until(replica.registry::isStale);
			assertThat(replica.meters.get("auth_gateway.revocation.staleness").gauge().value()).isGreaterThan(1.4);
			this.listening.heal();
			this.polling.heal();
			await().atMost(Duration.ofSeconds(1)).until(() -> !replica.registry.isStale());
		}
	}

	@Test
	void theDatabaseKnowsWhenNoReplicaReachedIt() throws Exception {
		database.execute("DELETE FROM auth.database_outage");
		try (ReplicaFixture replica = replica(NEVER)) {
			connected(replica);
			await().atMost(Duration.ofSeconds(3)).until(() -> count("database_seen") == 1);
			assertThat(count("database_outage")).isZero();
			this.listening.goAway();
			database.execute("UPDATE auth.database_seen SET seen_at = seen_at - interval '4 seconds'");
			this.listening.heal();
			await().atMost(Duration.ofSeconds(3)).until(() -> count("database_outage") == 1);
		}
	}

	@Test
	void oneOfBothWaysIsEnoughToStayFresh() {
		try (ReplicaFixture replica = new ReplicaFixture(database, this.listening.port(), this.polling.port(),
				Duration.ofMillis(200), Duration.ofMillis(2500))) {
			connected(replica);
			this.polling.goAway();
			await().during(Duration.ofSeconds(3))
				.atMost(Duration.ofSeconds(4))
				.until(() -> !replica.registry.isStale());
		}
	}

	private ReplicaFixture replica(Duration pollEvery) {
		return new ReplicaFixture(database, this.listening.port(), this.polling.port(), pollEvery,
				Duration.ofSeconds(60));
	}

	private static int count(String table) throws Exception {
		try (var connection = database.open();
				var statement = connection.createStatement();
				var rows = statement.executeQuery("SELECT count(*) FROM auth." + table)) {
			rows.next();
			return rows.getInt(1);
		}
	}

	private static void connected(ReplicaFixture replica) {
		await().atMost(Duration.ofSeconds(10)).until(replica.notifications::areConnected);
	}

	private static void changeKey() {
		database.execute("UPDATE auth.signing_key SET active_from = active_from");
	}

	private static UUID end(String when) {
		UUID id = UUID.randomUUID();
		database.execute("INSERT INTO auth.session_event (session_id, ended_at, reason) VALUES ('" + id + "', " + when
				+ ", 'sign_out')");
		return id;
	}

}
