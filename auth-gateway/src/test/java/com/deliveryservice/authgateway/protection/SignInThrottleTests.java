package com.deliveryservice.authgateway.protection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.testing.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The throttle over a real PostgreSQL. Time is moved by moving what is stored.
 */
class SignInThrottleTests {

	private static final Duration SOON = Duration.ofSeconds(5);

	private static final ProtectionSettings SETTINGS = new ProtectionSettings(5, Duration.ofMinutes(15), 20, 6, 30, 10);

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private SignInThrottle throttle;

	/** The first connection of a JVM takes longer than a sign-in may wait. */
	@BeforeAll
	static void openConnections() {
		DATABASE.pool().warmup().block(Duration.ofSeconds(20));
		DATABASE.database().one((client) -> client.sql("SELECT 1").fetch().rowsUpdated()).block(Duration.ofSeconds(20));
	}

	@AfterAll
	static void closeConnections() {
		DATABASE.close();
	}

	@BeforeEach
	void forgetEverything() {
		DATABASE.raw().execute("TRUNCATE auth.throttle, auth.throttle_spray, auth.sign_in_under_way");
		this.throttle = replica();
	}

	@Test
	void fiveFailuresAreFreeAndTheSixthCostsASecond() {
		for (int failure = 1; failure <= 5; failure++) {
			assertThat(fail(anna())).isNull();
			assertThat(check(anna())).isNull();
		}
		assertThat(fail(anna())).isNull();
		assertThat(check(anna())).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
	}

	@ParameterizedTest
	@CsvSource({ "6,1", "7,2", "8,4", "10,16", "15,512", "16,900", "30,900", "2000,900" })
	void theWaitDoublesUpToAQuarterOfAnHour(int failures, int seconds) {
		failTimes(anna(), 1);
		DATABASE.raw().execute("UPDATE auth.throttle SET failures = " + (failures - 1) + " WHERE failures >= 1");
		fail(anna("198.51.100.77"));
		assertThat(check(anna("198.51.100.77"))).isBetween(Duration.ofSeconds(seconds).minusMillis(900),
				Duration.ofSeconds(seconds));
	}

	@Test
	void whoWaitsIsNotCounted() {
		failTimes(anna(), 6);
		assertThat(fail(anna())).isNotNull();
		waitIsOver();
		assertThat(check(anna())).isNull();
		assertThat(fail(anna())).isNull();
		assertThat(check(anna())).isBetween(Duration.ofMillis(1001), Duration.ofSeconds(2));
	}

	@Test
	void aGoodSignInAfterTheWaitForgetsTheFailures() {
		failTimes(anna(), 6);
		waitIsOver();
		assertThat(succeed(anna())).isNull();
		failTimes(anna(), 5);
		assertThat(check(anna())).isNull();
	}

	@Test
	void whoWaitsIsNotToldThatThePasswordWasRight() {
		failTimes(anna(), 6);
		assertThat(succeed(anna())).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
		waitIsOver();
		fail(anna());
		assertThat(check(anna())).as("nothing was forgotten").isGreaterThan(Duration.ofSeconds(1));
	}

	@Test
	void failuresOfADayAgoAreForgotten() {
		failTimes(anna(), 9);
		DATABASE.raw()
			.execute("UPDATE auth.throttle SET blocked_until = '-infinity', updated_at = now() - interval '25 hours'");
		failTimes(anna(), 5);
		assertThat(check(anna())).isNull();
	}

	@Test
	void accountsAreCountedEachForItself() {
		failTimes(anna(), 6);
		assertThat(check(attempt("otto", "203.0.113.9", null))).isNull();
	}

	@Test
	void anAccountIsCountedFromWhateverAddress() {
		for (int failure = 1; failure <= 6; failure++) {
			fail(anna("198.51.100." + failure));
		}
		assertThat(check(anna("203.0.113.9"))).isNotNull();
	}

	@Test
	void replicasShareTheCounters() {
		failTimes(anna(), 6);
		assertThat(replica().check(anna()).block(SOON)).isNotNull();
	}

	@Test
	void ofAHundredGuessesAtOnceOnlyOneIsToldItsVerdict() {
		failTimes(anna(), 12);
		waitIsOver();
		List<SignInThrottle> replicas = List.of(replica(), replica());
		Long told = Flux.range(0, 100)
			.flatMap((guess) -> replicas.get(guess % 2).failed(anna("2001:db8:" + guess + "::1")).hasElement(), 16)
			.filter((waits) -> !waits)
			.count()
			.block(Duration.ofSeconds(20));
		assertThat(told).isEqualTo(1);
	}

	@Test
	void anAddressThatFailsWithManyAccountsWaits() {
		for (int account = 1; account <= 21; account++) {
			fail(attempt("user" + account, "203.0.113.9", null));
		}
		assertThat(check(attempt("another", "203.0.113.9", null))).isNotNull();
		assertThat(check(attempt("another", "203.0.113.10", null))).isNull();
	}

	@Test
	void theFailuresOfAnAddressDrainWithTime() {
		for (int account = 1; account <= 21; account++) {
			fail(attempt("user" + account, "203.0.113.9", null));
		}
		DATABASE.raw()
			.execute("UPDATE auth.throttle SET blocked_until = '-infinity', updated_at = now() - interval '100 s'");
		for (int account = 31; account <= 38; account++) {
			fail(attempt("user" + account, "203.0.113.9", null));
			assertThat(check(attempt("another", "203.0.113.9", null))).isNull();
		}
		fail(attempt("user41", "203.0.113.9", null));
		fail(attempt("user42", "203.0.113.9", null));
		assertThat(check(attempt("another", "203.0.113.9", null))).isNotNull();
	}

	@Test
	void aNetworkOfIpv6AddressesIsOneAddress() {
		for (int account = 1; account <= 21; account++) {
			fail(attempt("user" + account, "2001:db8:0:1::" + account, null));
		}
		assertThat(check(attempt("another", "2001:db8:0:1:ffff::1", null))).isNotNull();
		assertThat(check(attempt("another", "2001:db8:0:2::1", null))).isNull();
	}

	@Test
	void whileTheDatabaseIsDownNobodyMayGuess() {
		expectNobodyMayGuess(1);
	}

	@Test
	void whileTheDatabaseIsSilentNobodyMayGuess() throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			expectNobodyMayGuess(silent.getLocalPort());
		}
	}

	private void expectNobodyMayGuess(int port) {
		try (MigratedDatabase away = MigratedDatabase.over(new TestDatabase("127.0.0.1", port, "none"))) {
			SignInThrottle blind = ProtectionFixture.throttle(away.database(), SETTINGS, CountedSignIns.DEADLINE);
			for (Mono<Duration> question : List.of(blind.check(anna()), blind.failed(anna()),
					blind.succeeded(anna()))) {
				assertThatThrownBy(() -> question.block(Duration.ofSeconds(1)))
					.isInstanceOf(DatabaseUnavailableException.class);
			}
		}
	}

	private SignInThrottle replica() {
		return throttle(DATABASE.database());
	}

	private SignInThrottle throttle(Database over) {
		return ProtectionFixture.throttle(over, SETTINGS);
	}

	private void failTimes(SignInAttempt attempt, int times) {
		for (int failure = 1; failure <= times; failure++) {
			fail(attempt);
			if (failure < times) {
				waitIsOver();
			}
		}
	}

	private void waitIsOver() {
		DATABASE.raw().execute("UPDATE auth.throttle SET blocked_until = '-infinity'");
	}

	private @Nullable Duration check(SignInAttempt attempt) {
		return this.throttle.check(attempt).block(SOON);
	}

	private @Nullable Duration fail(SignInAttempt attempt) {
		return this.throttle.failed(attempt).block(SOON);
	}

	private @Nullable Duration succeed(SignInAttempt attempt) {
		return this.throttle.succeeded(attempt).block(SOON);
	}

	private static SignInAttempt anna() {
		return anna("198.51.100.1");
	}

	private static SignInAttempt anna(String address) {
		return attempt("anna", address, null);
	}

	private static SignInAttempt attempt(String login, @Nullable String address, @Nullable String deviceToken) {
		try {
			return new SignInAttempt(login, (address != null) ? InetAddress.getByName(address) : null, deviceToken);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

}
