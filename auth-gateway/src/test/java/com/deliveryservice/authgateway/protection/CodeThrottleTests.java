package com.deliveryservice.authgateway.protection;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.key.DerivedKeys;
import com.deliveryservice.authgateway.key.KeySettings;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Guesses at codes by address, and resets by address and login, over a real PostgreSQL
 * and two replicas.
 */
class CodeThrottleTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private static final int MOST = 20;

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private static final MigratedDatabase OTHER = MigratedDatabase.over(DATABASE.raw());

	private final SignedDeviceTokens devices = ProtectionFixture.DEVICES;

	private final CountedSignIns throttle = throttle(DATABASE);

	private final PasswordResetLimits limits = limits(DATABASE);

	@BeforeEach
	void forgetEverything() {
		DATABASE.raw().execute("TRUNCATE auth.throttle, auth.throttle_spray, auth.sign_up_count");
	}

	/** The first connection of a JVM takes longer than a guess may wait. */
	@BeforeAll
	static void openConnections() {
		for (MigratedDatabase replica : List.of(DATABASE, OTHER)) {
			Flux.range(0, 10)
				.flatMap((i) -> replica.database()
					.one((client) -> client.sql("SELECT pg_sleep(0.1)").fetch().rowsUpdated()))
				.blockLast(SOON);
		}
	}

	@AfterAll
	static void close() {
		DATABASE.close();
		OTHER.close();
	}

	@Test
	void oneAddressGuessesAtManyCodesOnlySoOften() {
		for (int i = 0; i < MOST; i++) {
			assertThat(take("192.0.2.1")).isNull();
		}
		// what time has emptied meanwhile
		take("192.0.2.1");
		assertThat(take("192.0.2.1")).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(2));
		assertThat(take("192.0.2.2")).isNull();
	}

	@Test
	void wrongPasswordsAndWrongCodesFillOneBucket() {
		for (int i = 0; i <= MOST; i++) {
			this.throttle.failed(new SignInAttempt("login" + i, address("192.0.2.3"), null)).block(SOON);
		}
		assertThat(take("192.0.2.3")).isNotNull();
	}

	@Test
	void rightCodesDoNotCount() {
		for (int i = 0; i < 3 * MOST; i++) {
			assertThat(take("192.0.2.4")).isNull();
			this.throttle.giveBack(address("192.0.2.4")).block(SOON);
		}
		assertThat(take("192.0.2.4")).isNull();
	}

	@Test
	void manyAtOnceOverTwoReplicasAreAsMany() {
		CountedSignIns other = throttle(OTHER);
		List<Boolean> judged = Flux.range(0, 2 * MOST)
			.flatMap((i) -> ((i % 2 == 0) ? this.throttle : other).take(address("192.0.2.5"))
				.map((wait) -> false)
				.defaultIfEmpty(true), 4)
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(judged).filteredOn((is) -> is).hasSizeBetween(MOST, MOST + 1);
	}

	@Test
	void withoutTheDatabaseNobodyGuessesAndNobodyAsks() {
		MigratedDatabase away = MigratedDatabase.over(new TestDatabase("localhost", 1, "none"));
		StepVerifier.create(throttle(away).take(address("192.0.2.6")))
			.expectError(DatabaseUnavailableException.class)
			.verify(SOON);
		StepVerifier.create(limits(away).admit(new SignInAttempt("anna", address("192.0.2.6"), null)))
			.expectError(DatabaseUnavailableException.class)
			.verify(SOON);
		away.close();
	}

	@Test
	void aResetOpensTheAccountsLaneAndThatOfItsDevice() {
		String device = this.devices.issue("anna", UUID.randomUUID());
		for (int i = 0; i < 10; i++) {
			this.throttle.failed(new SignInAttempt("anna", address("192.0.2.7"), null)).block(SOON);
			this.throttle.failed(new SignInAttempt("anna", null, device)).block(SOON);
		}
		assertThat(check("anna", null)).isNotNull();
		assertThat(check("anna", device)).isNotNull();
		this.throttle.forget(new SignInAttempt("anna", address("192.0.2.8"), device)).block(SOON);
		assertThat(check("anna", null)).isNull();
		assertThat(check("anna", device)).isNull();
	}

	@Test
	void threeResetsAnHourAndTenADayForOneLogin() {
		for (int day = 0; day < 10; day++) {
			assertThat(admit("bert", "198.51.100." + day, null)).isNull();
			if (day % 3 == 2) {
				assertThat(admit("bert", "198.51.100." + day, null)).isBetween(Duration.ofMinutes(59),
						Duration.ofHours(1));
				DATABASE.raw().execute("UPDATE auth.sign_up_count SET used = 0 WHERE period = 3600");
			}
		}
		assertThat(admit("bert", "198.51.100.99", null)).isGreaterThan(Duration.ofHours(23));
		assertThat(admit("carl", "198.51.100.99", null)).isNull();
	}

	@Test
	void whoAsksElsewhereCannotUseUpWhatAKnownDeviceMayAsk() {
		for (int i = 0; i < 4; i++) {
			admit("dora", "198.51.100.1", null);
		}
		assertThat(admit("dora", "198.51.100.2", null)).isNotNull();
		assertThat(admit("dora", "198.51.100.2", "made-up")).isNotNull();
		String device = this.devices.issue("dora", UUID.randomUUID());
		for (int i = 0; i < 3; i++) {
			assertThat(admit("dora", "198.51.100.2", device)).isNull();
		}
		assertThat(admit("dora", "198.51.100.2", device)).isNotNull();
		assertThat(admit("emil", "198.51.100.2", device)).as("it is another login's device").isNull();
	}

	@Test
	void oneAddressCannotAskForEverybody() {
		for (int i = 0; i < MOST; i++) {
			assertThat(admit("victim" + i, "2001:db8:1:2::" + i, null)).isNull();
		}
		assertThat(admit("victim", "2001:db8:1:2:ffff::1", null)).isNotNull();
		assertThat(admit("victim", "2001:db8:1:3::1", null)).isNull();
	}

	private @Nullable Duration take(String address) {
		return this.throttle.take(address(address)).block(SOON);
	}

	private @Nullable Duration check(String login, @Nullable String device) {
		return this.throttle.check(new SignInAttempt(login, null, device)).block(SOON);
	}

	private @Nullable Duration admit(String login, String address, @Nullable String device) {
		return this.limits.admit(new SignInAttempt(login, address(address), device)).block(SOON);
	}

	private CountedSignIns throttle(MigratedDatabase database) {
		return ProtectionFixture.throttle(database.database(),
				new ProtectionSettings(5, Duration.ofMinutes(15), MOST, 1, 1000, 10));
	}

	private PasswordResetLimits limits(MigratedDatabase database) {
		WindowCounts counts = new WindowCounts(database.database(),
				new DerivedKeys(new KeySettings("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", null,
						Duration.ofDays(30), Duration.ofHours(24))));
		return new PasswordResetLimits(counts, this.devices, new PasswordResetLimitSettings(MOST, 3, 10));
	}

	private static InetAddress address(String address) {
		try {
			return InetAddress.getByName(address);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(address, ex);
		}
	}

}
