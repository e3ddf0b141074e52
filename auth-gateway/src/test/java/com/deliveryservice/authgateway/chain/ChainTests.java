package com.deliveryservice.authgateway.chain;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import com.deliveryservice.authgateway.chain.Verification.Report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class ChainTests {

	private static final String LINKS = "SELECT count(*) FROM auth.audit_link";

	private final ChainFixture chain = new ChainFixture();

	@AfterEach
	void close() {
		this.chain.close();
	}

	@Test
	void eachEventGetsOnePlaceWithoutGaps() {
		assertThat(this.chain.record(2345).chain().number()).isEqualTo(2345);
		Findings findings = new Findings();
		Report report = this.chain.verify(findings);
		assertThat(findings.first()).isEmpty();
		assertThat(report.links()).isEqualTo(2345);
		assertThat(report.waiting().count()).isZero();
		assertThat(this.chain.value("SELECT count(DISTINCT event_id) FROM auth.audit_link")).isEqualTo("2345");
	}

	@Test
	void anEventThatCommitsLateGetsALaterPlaceAndIsNotPassedOver() throws SQLException {
		this.chain.record(1);
		try (Connection late = this.chain.database.raw().open(); var statement = late.createStatement()) {
			late.setAutoCommit(false);
			// its place in the queue is in front of the next ones', and nobody sees it
			// yet
			statement.execute(unsealed());
			this.chain.record(3);
			assertThat(this.chain.chain().number()).isEqualTo(4);
			late.commit();
		}
		assertThat(this.chain.chain().number()).isEqualTo(5);
		assertThat(this.chain.value("SELECT e.type FROM auth.audit_link l JOIN auth.audit_event e ON e.id = l.event_id "
				+ "WHERE l.number = 5"))
			.isEqualTo("sign_in");
		assertThat(this.chain.findings()).as("written by this test, and by no gateway").hasSize(1);
	}

	@Test
	void whatWaitsIsReportedWithItsNumberAndAge() {
		this.chain.record(3).chain();
		this.chain.record(2);
		Findings findings = new Findings();
		Report report = this.chain.verify(findings);
		assertThat(findings.first()).isEmpty();
		assertThat(report.waiting().count()).isEqualTo(2);
		assertThat(report.waiting().oldestSeconds()).isBetween(0.0, 60.0);
	}

	@Test
	void eventsFromBeforeThereWereSealsBeginTheChainAndNoneComesLater() {
		this.chain.database.raw().execute(unsealed());
		this.chain.chain();
		this.chain.record(1).chain();
		assertThat(this.chain.findings()).isEmpty();
		this.chain.database.raw().execute(unsealed());
		this.chain.chain();
		assertThat(this.chain.findings()).singleElement().asString().startsWith("link 3, ");
	}

	@Test
	void whatRetentionCutsIsGoneAndTheRestIsStillWhole() {
		Head before = this.chain.record(2500).chain();
		this.chain.cut(Duration.ofHours(23));
		assertThat(this.chain.value("SELECT count(*) FROM auth.audit_checkpoint")).isEqualTo("0");
		this.chain.cut(Duration.ofDays(2));
		assertThat(this.chain.value("SELECT count(*) FROM auth.audit_link")).isEqualTo("0");
		this.chain.record(5).chain();
		Findings findings = new Findings();
		Report report = this.chain.verify(findings, before.digest());
		assertThat(findings.first()).isEmpty();
		assertThat(report.cut().number()).isEqualTo(2500);
		assertThat(report.head().number()).isGreaterThan(2500);
		assertThat(this.chain.value("SELECT DISTINCT type FROM auth.audit_event ORDER BY type"))
			.isEqualTo("events_expired sign_in_failed");
	}

	@Test
	void aCheckpointThatIsDeletedShowsWhicheverItIs() {
		cutThreeTimes();
		for (String which : List.of("min(number)", "max(number)", "(array_agg(number ORDER BY number))[2]")) {
			this.chain.tamper("CREATE TABLE kept AS SELECT * FROM auth.audit_checkpoint");
			this.chain.tamper("DELETE FROM auth.audit_checkpoint WHERE number = (SELECT " + which + " FROM kept)");
			assertThat(this.chain.findings()).as(which).isNotEmpty();
			this.chain.tamper("DELETE FROM auth.audit_checkpoint; INSERT INTO auth.audit_checkpoint SELECT * FROM kept;"
					+ "DROP TABLE kept");
			assertThat(this.chain.findings()).isEmpty();
		}
	}

	@Test
	void aCheckpointThatIsChangedShowsByEachColumn() {
		cutThreeTimes();
		for (String change : List.of("number = number - 1", "mac = decode(repeat('00', 32), 'hex')",
				"at = at - interval '1 day'", "key_id = 'x'", "signature = decode('00', 'hex')")) {
			this.chain.tamper("CREATE TABLE kept AS SELECT * FROM auth.audit_checkpoint");
			this.chain.tamper("UPDATE auth.audit_checkpoint SET " + change
					+ " WHERE number = (SELECT max(number) FROM auth.audit_checkpoint)");
			assertThat(this.chain.findings()).as(change).first().asString().startsWith("checkpoint ");
			this.chain.tamper("DELETE FROM auth.audit_checkpoint; INSERT INTO auth.audit_checkpoint SELECT * FROM kept;"
					+ "DROP TABLE kept");
		}
	}

	@Test
	void nobodyGetsAnEventCutByMakingItLookOld(CapturedOutput output) {
		this.chain.record(10).chain();
		this.chain.tamper("UPDATE auth.audit_event SET at = '2020-01-01'");
		this.chain.cut(Duration.ZERO);
		assertThat(this.chain.value("SELECT count(*) FROM auth.audit_event")).isEqualTo("10");
		assertThat(output).contains("The audit chain is broken at link 1, ");
		assertThat(this.chain.registry.counter("auth_gateway.audit.chain.findings").count()).isEqualTo(1);
	}

	@Test
	void theChainOutlivesItsEncryptionKeys() {
		this.chain.record(5).chain();
		try (ChainFixture second = this.chain.withKey(2, 1);
				ChainFixture third = this.chain.withKey(3, 2);
				ChainFixture last = this.chain.withKey(3, null)) {
			second.record(5).chain();
			third.record(5).chain();
			assertThat(last.record(5).chain().number()).isEqualTo(22);
			assertThat(last.findings()).isEmpty();
			assertThat(last.value("SELECT count(*) FROM auth.audit_event WHERE type = 'audit_key_changed'"))
				.isEqualTo("2");
			// what an old key could still do, had it leaked, and what happens without it
			assertThat(this.chain.keys.own().has(last.keys.currentId())).isFalse();
			last.tamper("DELETE FROM auth.audit_old_key WHERE key_id = '" + this.chain.keys.currentId() + "'");
			assertThat(last.findings()).singleElement().asString().contains("neither configured nor kept");
		}
	}

	@Test
	void aKeyThatWasReplacedAddsNothing() {
		this.chain.record(5).chain();
		try (ChainFixture next = this.chain.withKey(2, 1); ChainFixture last = this.chain.withKey(2, null)) {
			next.chain();
			// a thief of the old key cuts off what came behind it, and goes on by himself
			next.tamper("DELETE FROM auth.audit_event e USING auth.audit_link l WHERE l.event_id = e.id AND number > 5;"
					+ "DELETE FROM auth.audit_link WHERE number > 5");
			this.chain.record(2).chain();
			assertThat(last.findings()).isNotEmpty()
				.first()
				.asString()
				.startsWith("link 6, ")
				.contains("which had been replaced after link 5");
		}
	}

	@Test
	void aReplicaThatDoesNotKnowTheKeyOfTheHeadDoesNotGoOn() {
		this.chain.record(5).chain();
		try (ChainFixture stranger = this.chain.withKey(7, null)) {
			assertThatExceptionOfType(UnknownKeyException.class).isThrownBy(() -> stranger.record(1).chain())
				.withMessageContaining("auth-gateway.keys.previous-encryption-key")
				.withMessageContaining("auth-gateway.audit.lost-key-id: " + this.chain.keys.currentId());
			assertThat(stranger.value("SELECT count(*) FROM auth.audit_link")).isEqualTo("5");
			stranger.database.database()
				.alone(ChainFixture.WAIT, (own) -> stranger.appending.begin(own, this.chain.keys.currentId()))
				.blockLast(ChainFixture.WAIT);
			assertThat(stranger.findings()).as("it goes on, and what is not proven is said")
				.singleElement()
				.asString()
				.startsWith("link 1, ");
		}
	}

	@Test
	void oneReplicaLeadsAndAnotherGoesOnWhenItIsCutOff(CapturedOutput output) {
		try (ChainFixture other = this.chain.withKey(1, null)) {
			ChainLeader first = this.chain.leader();
			ChainLeader second = other.leader();
			first.start();
			await().atMost(ChainFixture.WAIT).until(this.chain.meters::isLeading);
			second.start();
			this.chain.record(50);
			await().atMost(ChainFixture.WAIT).until(() -> this.chain.value(LINKS).equals("50"));
			assertThat(other.meters.isLeading()).isFalse();
			stop(first);
			assertThat(this.chain.meters.isLeading()).isFalse();
			await().atMost(ChainFixture.WAIT).until(other.meters::isLeading);
			first.start();
			this.chain.database.raw()
				.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
						+ "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
			this.chain.record(50);
			await().atMost(ChainFixture.WAIT).until(() -> this.chain.value(LINKS).equals("100"));
			assertThat(this.chain.findings()).isEmpty();
			assertThat(output).contains("\"type\":\"chain_head\",\"head\":\"50:");
			stop(first);
			stop(second);
		}
	}

	@Test
	void aLeaderThatStopsChainsWhatIsThereAndTellsTheHead(CapturedOutput output) {
		ChainLeader leader = this.chain.leader();
		leader.start();
		await().atMost(ChainFixture.WAIT).until(this.chain.meters::isLeading);
		this.chain.record(7);
		stop(leader);
		assertThat(this.chain.value(LINKS)).isEqualTo("7");
		assertThat(output).contains("\"head\":\"7:");
	}

	@Test
	void headsAreReadFromPlainAndFromStructuredLogs() throws IOException {
		Head head = this.chain.record(3).chain();
		Findings findings = new Findings();
		ExpectedHeads expected = new ExpectedHeads(findings);
		String json = "{\"at\":\"x\",\"type\":\"chain_head\",\"head\":\"" + head.digest() + "\",\"waiting\":0}";
		String log = "2026 INFO audit : " + json + "\nnoise \"head\":\"9:" + "a".repeat(64) + "\"\n{\"message\":\""
				+ json.replace("\"", "\\\"") + "\"}\n";
		assertThat(expected.readAll(new BufferedReader(new StringReader(log)))).isEqualTo(2);
		assertThat(expected.find(3)).isEqualTo(head.mac());
		assertThat(expected.last()).isEqualTo(3);
		expected.add("3:" + "b".repeat(64));
		assertThat(findings.first()).singleElement().asString().contains("two different heads of number 3");
	}

	private static void stop(ChainLeader leader) {
		CountDownLatch stopped = new CountDownLatch(1);
		leader.stop(stopped::countDown);
		await().atMost(ChainFixture.WAIT).until(() -> stopped.getCount() == 0);
	}

	private void cutThreeTimes() {
		for (int i = 0; i < 3; i++) {
			this.chain.record(3).chain();
			this.chain.cut(Duration.ofDays(2));
		}
		this.chain.record(3).chain();
		assertThat(this.chain.findings()).isEmpty();
	}

	private static String unsealed() {
		return "INSERT INTO auth.audit_event (id, at, type, detail) VALUES (gen_random_uuid(), now(), 'sign_in', '{}')";
	}

}
