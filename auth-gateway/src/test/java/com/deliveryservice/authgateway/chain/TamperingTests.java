package com.deliveryservice.authgateway.chain;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Somebody who owns the database, and not the key, changes the trail: everything shows.
 */
class TamperingTests {

	/** One chain of 20 for all: each test puts back what it changed. */
	private static final ChainFixture chain = new ChainFixture();

	private static final String COPY = "CREATE TABLE %1$s_copy AS SELECT * FROM auth.%1$s";

	private static final String RESTORE = "DELETE FROM auth.%1$s; INSERT INTO auth.%1$s SELECT * FROM %1$s_copy; DROP TABLE %1$s_copy";

	private static final String[] TABLES = { "audit_event", "audit_link", "audit_checkpoint", "audit_unchained",
			"audit_old_key" };

	private static Head head = Head.NONE;

	@BeforeEach
	void keep() {
		if (head.number() == 0) {
			chain.record(30).chain();
			head = chain.chain();
		}
		for (String table : TABLES) {
			chain.tamper(COPY.formatted(table).replace("SELECT *", columns(table)));
		}
	}

	@AfterEach
	void putBack() {
		for (String table : TABLES) {
			chain.tamper(RESTORE.formatted(table)
				.replace("INSERT INTO auth." + table + " SELECT *",
						"INSERT INTO auth." + table + into(table) + " " + columns(table)));
		}
		assertThat(chain.findings(head.digest())).isEmpty();
	}

	@AfterAll
	static void close() {
		chain.close();
	}

	@Test
	void aWholeChainIsWhole() {
		assertThat(chain.findings(head.digest())).isEmpty();
		assertThat(head.number()).isEqualTo(30);
	}

	@ParameterizedTest
	@ValueSource(strings = { "at = at + interval '1 microsecond'", "type = 'sign_in'", "actor_id = gen_random_uuid()",
			"user_id = gen_random_uuid()", "session_id = gen_random_uuid()", "ip = '192.0.2.1'", "ip = ''",
			"device_name = 'Pixel 8'", "device_name = NULL", "request_id = 'x'", "detail = detail || ' '",
			"key_id = 'x'", "key_id = NULL", "seal = decode('00', 'hex')", "seal = NULL",
			"device_name = NULL, request_id = device_name" })
	void eachColumnOfAnEvent(String change) {
		chain.tamper("UPDATE auth.audit_event SET " + change
				+ " WHERE id = (SELECT event_id FROM auth.audit_link WHERE number = 7)");
		assertThat(chain.findings()).singleElement().asString().startsWith("link 7, event ").contains("changed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "event_id = gen_random_uuid()", "key_id = 'x'", "mac = decode(repeat('00', 32), 'hex')",
			"standing = 'older'", "standing = 'forged'" })
	void eachColumnOfALink(String change) {
		chain.tamper("UPDATE auth.audit_link SET " + change + " WHERE number = 7");
		assertThat(chain.findings()).isNotEmpty().first().asString().startsWith("link 7, event ");
	}

	@Test
	void anotherIdOfAnEvent() {
		chain.tamper("UPDATE auth.audit_event SET id = gen_random_uuid()"
				+ " WHERE id = (SELECT event_id FROM auth.audit_link WHERE number = 7)");
		assertThat(chain.findings()).hasSize(2)
			.anyMatch((finding) -> finding.startsWith("link 7, ") && finding.endsWith("the event is missing"))
			.anyMatch((finding) -> finding.endsWith("it is not in the chain, and does not wait for it"));
	}

	@Test
	void anEventThatIsDeleted() {
		chain.tamper("DELETE FROM auth.audit_event WHERE id = (SELECT event_id FROM auth.audit_link WHERE number = 7)");
		assertThat(chain.findings()).singleElement().asString().startsWith("link 7, ").endsWith("is missing");
	}

	@Test
	void aRowInTheMiddleThatIsDeletedWithItsLink() {
		chain.tamper("DELETE FROM auth.audit_event WHERE id = (SELECT event_id FROM auth.audit_link WHERE number = 7);"
				+ "DELETE FROM auth.audit_link WHERE number = 7");
		assertThat(chain.findings()).singleElement().asString().startsWith("links 7 to 7 are missing");
	}

	@Test
	void aGapThatIsClosedByNumberingAnew() {
		chain.tamper("DELETE FROM auth.audit_event WHERE id = (SELECT event_id FROM auth.audit_link WHERE number = 7);"
				+ "DELETE FROM auth.audit_link WHERE number = 7;"
				+ "UPDATE auth.audit_link SET number = number + 1000 WHERE number > 7;"
				+ "UPDATE auth.audit_link SET number = number - 1001 WHERE number > 1000");
		assertThat(chain.findings()).isNotEmpty().first().asString().startsWith("link 7, ");
	}

	@Test
	void twoEventsThatChangePlaces() {
		chain.tamper("CREATE TEMP TABLE pair AS SELECT number, event_id FROM auth.audit_link WHERE number IN (7, 9);"
				+ "ALTER TABLE auth.audit_link DROP CONSTRAINT audit_link_event_id_key;"
				+ "UPDATE auth.audit_link l SET event_id = p.event_id FROM pair p WHERE l.number + p.number = 16;"
				+ "ALTER TABLE auth.audit_link ADD CONSTRAINT audit_link_event_id_key UNIQUE (event_id)");
		assertThat(chain.findings()).hasSize(2).first().asString().startsWith("link 7, ").contains("moved");
	}

	@Test
	void twoLinksThatChangePlaces() {
		chain.tamper("UPDATE auth.audit_link SET number = number + 1000 WHERE number IN (7, 8);"
				+ "UPDATE auth.audit_link SET number = 1015 - number WHERE number > 1000");
		assertThat(chain.findings()).isNotEmpty().first().asString().startsWith("link 7, ");
	}

	@Test
	void aTailThatIsCutOffShowsByAHeadFromTheLog() {
		chain
			.tamper("DELETE FROM auth.audit_event WHERE id IN (SELECT event_id FROM auth.audit_link WHERE number > 20);"
					+ "DELETE FROM auth.audit_link WHERE number > 20");
		assertThat(chain.findings(head.digest()))
			.containsExactly("the tail was cut off: the chain ends at link 20, and had come to link 30 at least");
	}

	@Test
	void aTailThatIsCutOffAndGrownAgainShowsByAHeadFromTheLog() {
		chain
			.tamper("DELETE FROM auth.audit_event WHERE id IN (SELECT event_id FROM auth.audit_link WHERE number > 20);"
					+ "DELETE FROM auth.audit_link WHERE number > 20");
		chain.record(15).chain();
		assertThat(chain.findings(head.digest())).singleElement().asString().startsWith("link 30 is another one");
	}

	@Test
	void anEventThatIsAddedBesideTheChain() {
		chain
			.tamper("INSERT INTO auth.audit_event (id, at, type, detail) VALUES (gen_random_uuid(), now(), 'x', '{}')");
		assertThat(chain.findings()).singleElement()
			.asString()
			.endsWith("it is not in the chain, and does not wait for it");
	}

	@Test
	void anEventThatIsAddedAndQueuedIsSeenBeforeAndAfterTheLeaderCame() {
		// not even the leader makes it a good one
		chain.database.raw()
			.execute("INSERT INTO auth.audit_event (id, at, type, detail, key_id, seal) SELECT gen_random_uuid(), at, "
					+ "type, detail, key_id, seal FROM auth.audit_event LIMIT 1");
		assertThat(chain.findings()).singleElement().asString().contains("no gateway wrote it");
		chain.chain();
		assertThat(chain.findings()).singleElement()
			.asString()
			.startsWith("link 31, ")
			.endsWith("no gateway wrote the event");
		assertThat(chain.registry.counter("auth_gateway.audit.chain.findings").count()).isPositive();
	}

	@Test
	void anEventThatWaitsCannotBeChangedEither() {
		chain.record(1);
		chain.tamper(
				"UPDATE auth.audit_event SET ip = '192.0.2.1' WHERE id IN (SELECT event_id FROM auth.audit_unchained)");
		assertThat(chain.findings()).singleElement().asString().contains("has no place in the chain yet");
	}

	@Test
	void aChainedEventThatIsQueuedAgainIsAFindingAndDoesNotStopTheLeader() {
		chain.tamper(
				"INSERT INTO auth.audit_unchained (event_id) SELECT event_id FROM auth.audit_link WHERE number = 7");
		assertThat(chain.findings()).singleElement().asString().contains("has one already");
		chain.record(1);
		assertThat(chain.chain().number()).isEqualTo(31);
		assertThat(chain.findings()).isEmpty();
	}

	@Test
	void aLinkWithoutTheKey() {
		chain.tamper(
				"INSERT INTO auth.audit_link (number, event_id, key_id, mac, standing) SELECT 31, gen_random_uuid(), "
						+ "key_id, mac, standing FROM auth.audit_link WHERE number = 30");
		assertThat(chain.findings()).singleElement().asString().startsWith("link 31, ");
	}

	@Test
	void aCheckpointWithoutTheKeyThatHidesADeletedBeginning() {
		chain.tamper("INSERT INTO auth.audit_checkpoint (number, mac, at, key_id, signature) "
				+ "SELECT number, mac, now(), key_id, mac FROM auth.audit_link WHERE number = 10;"
				+ "DELETE FROM auth.audit_event WHERE id IN (SELECT event_id FROM auth.audit_link WHERE number <= 10);"
				+ "DELETE FROM auth.audit_link WHERE number <= 10");
		assertThat(chain.findings()).singleElement().asString().startsWith("checkpoint 10 of ");
	}

	@Test
	void aBeginningThatIsDeletedWithoutACheckpoint() {
		chain.tamper(
				"DELETE FROM auth.audit_event WHERE id IN (SELECT event_id FROM auth.audit_link WHERE number <= 10);"
						+ "DELETE FROM auth.audit_link WHERE number <= 10");
		assertThat(chain.findings()).singleElement().asString().startsWith("links 1 to 10 are missing");
	}

	private static String columns(String table) {
		return table.equals("audit_unchained") ? "SELECT event_id" : "SELECT *";
	}

	private static String into(String table) {
		return table.equals("audit_unchained") ? " (event_id)" : "";
	}

}
