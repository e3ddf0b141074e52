package com.deliveryservice.authgateway.protection;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static com.deliveryservice.authgateway.protection.ThrottleUnderTest.SOON;
import static com.deliveryservice.authgateway.protection.ThrottleUnderTest.attempt;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the throttle keeps: whose, for how long, and how it is found.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThrottleTablesTests {

	private ThrottleUnderTest throttle;

	@BeforeAll
	void open() {
		this.throttle = new ThrottleUnderTest(new ProtectionSettings(5, Duration.ofMinutes(15), 1000, 20, 1000, 10));
	}

	@AfterAll
	void close() {
		this.throttle.close();
	}

	@BeforeEach
	void forgetEverything() {
		this.throttle.forgetEverything();
	}

	@Test
	void theTablesNameNobody() {
		this.throttle.fail(attempt("anna", "203.0.113.9", ProtectionFixture.DEVICES.issue("anna", UUID.randomUUID())));
		this.throttle.fail(attempt("anna", "203.0.113.9"));
		underWay().expect("anna").block(SOON);
		for (String table : List.of("throttle", "throttle_spray", "sign_in_under_way")) {
			assertThat(this.throttle.column("SELECT encode(t::text::bytea, 'escape') FROM auth." + table + " t"))
				.isNotEmpty()
				.noneMatch((row) -> row.contains("anna") || row.contains("616e6e61") || row.contains("cb007109"));
		}
	}

	@Test
	void whatCountsNoMoreIsPurgedInBatches() {
		for (int account = 1; account <= 7; account++) {
			this.throttle.fail(attempt("user" + account, "203.0.113.9"));
			underWay().expect("user" + account).block(SOON);
		}
		this.throttle.execute("UPDATE auth.throttle SET updated_at = now() - interval '25 hours'");
		this.throttle.execute("UPDATE auth.throttle_spray SET failed_at = now() - interval '16 minutes'");
		this.throttle.execute("UPDATE auth.sign_in_under_way SET until = now() - interval '1 second'");
		this.throttle.fail(attempt("otto", "203.0.113.10"));
		underWay().expect("otto").block(SOON);
		ThrottlePurge purge = new ThrottlePurge(this.throttle.database().database(), 3);
		assertThat(purge.purge().block(SOON)).as("7 accounts, an address; 7 pairs; 7 expected").isEqualTo(22);
		assertThat(this.throttle.count("SELECT count(*) FROM auth.throttle")).isEqualTo(2);
		assertThat(this.throttle.count("SELECT count(*) FROM auth.throttle_spray")).isEqualTo(1);
		assertThat(this.throttle.count("SELECT count(*) FROM auth.sign_in_under_way")).isEqualTo(1);
	}

	@Test
	void twoReplicasThatPurgeAtOnceDoNotWaitForEachOther() {
		this.throttle.execute("""
				INSERT INTO auth.throttle SELECT sha256(n::text::bytea), 1, '-infinity', now() - interval '2 days'
				FROM generate_series(1, 20000) n""");
		Long deleted = new ThrottlePurge(this.throttle.database().database()).purge()
			.zipWith(new ThrottlePurge(this.throttle.other().database()).purge(), Long::sum)
			.block(Duration.ofSeconds(20));
		assertThat(deleted).isEqualTo(20_000);
	}

	static List<String> statements() throws IllegalAccessException {
		List<String> all = new ArrayList<>();
		for (Class<?> holder : List.of(FailureCounters.class, DeviceLane.class, OpenLane.class, AddressBucket.class,
				WindowCounts.class, SignInsUnderWay.class, ThrottlePurge.class)) {
			for (Field field : holder.getDeclaredFields()) {
				field.setAccessible(true);
				if (field.getType() == String.class && field.get(null) instanceof String sql
						&& sql.matches("(?s)(SELECT|INSERT|UPDATE|DELETE|WITH) .*auth\\..*")) {
					all.add(sql);
				}
			}
		}
		assertThat(all).hasSizeGreaterThanOrEqualTo(12);
		return all;
	}

	@ParameterizedTest
	@MethodSource("statements")
	void everyStatementFindsItsRowsByAnIndex(String sql) {
		this.throttle.execute(
				"""
								INSERT INTO auth.throttle SELECT sha256(n::text::bytea), 1, '-infinity', now() - n * interval '1 s'
								FROM generate_series(1, 20000) n;
								INSERT INTO auth.throttle_spray SELECT sha256((n / 40)::text::bytea), sha256(n::text::bytea),
								now() - n * interval '1 s' FROM generate_series(1, 20000) n;
								INSERT INTO auth.sign_in_under_way SELECT sha256(n::text::bytea), 0, now() + (10000 - n) * interval '1 s'
								FROM generate_series(1, 20000) n;
								INSERT INTO auth.sign_up_count SELECT sha256(n::text::bytea), 3600, now() - n * interval '1 s', 1
						FROM generate_series(1, 20000) n;
						ANALYZE auth.sign_up_count; ANALYZE auth.throttle; ANALYZE auth.throttle_spray; ANALYZE auth.sign_in_under_way""");
		String key = "sha256('x'::bytea)";
		String plan = String.join("\n",
				this.throttle.column("EXPLAIN " + sql.replaceAll(":(key|account|address|bucket)\\b", key)
					.replaceAll("(?<!:):(others|most)\\b", "5")
					.replaceAll("(?<!:):[a-z]+\\b(?<!:float8)", "5")));
		assertThat(plan).doesNotContain("Seq Scan");
	}

	private SignInsUnderWay underWay() {
		return ProtectionFixture.underWay(this.throttle.database().database());
	}

}
