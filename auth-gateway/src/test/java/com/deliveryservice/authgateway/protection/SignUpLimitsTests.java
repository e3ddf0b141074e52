package com.deliveryservice.authgateway.protection;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.key.DerivedKeys;
import com.deliveryservice.authgateway.key.KeySettings;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SignUpLimitsTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private static final MigratedDatabase OTHER = MigratedDatabase.over(DATABASE.raw());

	private final SignUpLimits limits = limits(DATABASE, 1000);

	@AfterAll
	static void close() {
		DATABASE.close();
		OTHER.close();
	}

	@Test
	void threeCodesAnHourGoToOneContact() {
		for (int i = 0; i < 3; i++) {
			admitted(this.limits, "192.0.2." + i, "a@example.org");
		}
		assertThat(refused(this.limits, "192.0.2.9", "a@example.org")).isBetween(Duration.ofMinutes(59),
				Duration.ofHours(1));
		admitted(this.limits, "192.0.2.9", "b@example.org");
	}

	@Test
	void tenCodesADayGoToOneContact() {
		for (int i = 0; i < 10; i++) {
			admitted(this.limits, "192.0.2.20", "day@example.org");
			DATABASE.raw().execute("UPDATE auth.sign_up_count SET used = 0 WHERE period = 3600");
		}
		assertThat(refused(this.limits, "192.0.2.20", "day@example.org")).isGreaterThan(Duration.ofHours(23));
	}

	@Test
	void anHourLaterThereIsRoomAgain() {
		for (int i = 0; i < 3; i++) {
			admitted(this.limits, "192.0.2.30", "later@example.org");
		}
		refused(this.limits, "192.0.2.30", "later@example.org");
		DATABASE.raw().execute("UPDATE auth.sign_up_count SET started_at = started_at - interval '61 minutes'");
		admitted(this.limits, "192.0.2.30", "later@example.org");
	}

	@Test
	void oneAddressCannotAskForEverybody() {
		SignUpLimits few = limits(DATABASE, 2);
		admitted(few, "198.51.100.1", "c1@example.org");
		admitted(few, "198.51.100.1", "c2@example.org");
		refused(few, "198.51.100.1", "c3@example.org");
		admitted(few, "198.51.100.2", "c3@example.org");
	}

	@Test
	void anIpv6NetworkIsOneAddress() {
		SignUpLimits few = limits(DATABASE, 2);
		admitted(few, "2001:db8:1:2::1", "d1@example.org");
		admitted(few, "2001:db8:1:2:ffff::1", "d2@example.org");
		refused(few, "2001:db8:1:2::3", "d3@example.org");
		admitted(few, "2001:db8:1:3::3", "d3@example.org");
	}

	@Test
	void whatIsRefusedIsNotCounted() {
		SignUpLimits few = limits(DATABASE, 4);
		for (int i = 0; i < 3; i++) {
			admitted(few, "198.51.100.7", "e@example.org");
		}
		for (int i = 0; i < 5; i++) {
			refused(few, "198.51.100.7", "e@example.org");
		}
		admitted(few, "198.51.100.7", "f@example.org");
	}

	@Test
	void whatIsGivenBackIsFreeAgain() {
		for (int i = 0; i < 6; i++) {
			admitted(this.limits, "192.0.2.40", "g@example.org");
			this.limits.giveBack("g@example.org").block(SOON);
		}
	}

	@Test
	void twoReplicasDoNotDoubleTheLimit() {
		SignUpLimits other = limits(OTHER, 1000);
		List<Boolean> admitted = Flux.range(0, 20)
			.flatMap((i) -> ((i % 2 == 0) ? this.limits : other).admit(address("192.0.2.50"), "h@example.org")
				.map((wait) -> false)
				.defaultIfEmpty(true), 20)
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(admitted).filteredOn((is) -> is).hasSize(3);
	}

	@Test
	void withoutTheDatabaseNobodyIsAdmitted() {
		MigratedDatabase away = MigratedDatabase.over(new TestDatabase("localhost", 1, "none"));
		StepVerifier.create(limits(away, 10).admit(address("192.0.2.60"), "i@example.org"))
			.expectError(DatabaseUnavailableException.class)
			.verify(SOON);
		away.close();
	}

	@Test
	void theTableNamesNobodyAndForgets() {
		admitted(this.limits, "192.0.2.70", "secretive@example.org");
		assertThat(count("encode(bucket, 'escape') LIKE '%secretive%'")).isZero();
		DATABASE.raw().execute("UPDATE auth.sign_up_count SET started_at = now() - interval '25 hours'");
		counts(DATABASE).forget().block(SOON);
		assertThat(count("true")).isZero();
	}

	@Test
	void limitsBelowOneStopTheStart() {
		assertThatIllegalArgumentException().isThrownBy(() -> new SignUpLimitSettings(0, 3, 10))
			.withMessage("auth-gateway.protection.sign-up.per-address-and-hour: 0 (expected 1 or more)");
	}

	private static long count(String condition) {
		return DATABASE.database()
			.one((client) -> client.sql("SELECT count(*) AS n FROM auth.sign_up_count WHERE " + condition)
				.map((row) -> String.valueOf(row.get("n")))
				.one())
			.map(Long::parseLong)
			.blockOptional(SOON)
			.orElseThrow();
	}

	private static void admitted(SignUpLimits limits, String address, String contact) {
		StepVerifier.create(limits.admit(address(address), contact)).expectComplete().verify(SOON);
	}

	private static Duration refused(SignUpLimits limits, String address, String contact) {
		return limits.admit(address(address), contact).blockOptional(SOON).orElseThrow();
	}

	private static InetAddress address(String address) {
		try {
			return InetAddress.getByName(address);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(address, ex);
		}
	}

	private static SignUpLimits limits(MigratedDatabase database, int perAddress) {
		return new SignUpLimits(counts(database), new SignUpLimitSettings(perAddress, 3, 10));
	}

	private static WindowCounts counts(MigratedDatabase database) {
		return new WindowCounts(database.database(),
				new DerivedKeys(new KeySettings("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", null,
						Duration.ofDays(30), Duration.ofHours(24))));
	}

}
