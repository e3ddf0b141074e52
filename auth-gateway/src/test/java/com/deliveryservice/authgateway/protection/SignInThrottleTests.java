package com.deliveryservice.authgateway.protection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

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

	private static final ProtectionSettings SETTINGS = new ProtectionSettings(5, Duration.ofMinutes(15), 20, 6);

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private final SignedDeviceTokens devices = new SignedDeviceTokens(new KeyedHash(new byte[32]));

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
		DATABASE.raw().execute("TRUNCATE auth.throttle");
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
	void goodSignInsOfADepotBehindOneAddressDoNotCount() {
		for (int person = 1; person <= 50; person++) {
			assertThat(check(attempt("user" + person, "203.0.113.9", null))).isNull();
			assertThat(succeed(attempt("user" + person, "203.0.113.9", null))).isNull();
		}
		assertThat(count("SELECT count(*) FROM auth.throttle")).isZero();
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
	void aKnownDeviceIsNotSlowedDownByGuessesElsewhere() {
		String device = this.devices.issue("anna", UUID.randomUUID());
		failTimes(anna(), 12);
		assertThat(check(attempt("anna", "203.0.113.9", device))).isNull();
		assertThat(succeed(attempt("anna", "203.0.113.9", device))).isNull();
		assertThat(check(anna())).as("the others still wait").isNotNull();
	}

	@Test
	void aKnownDeviceIsSlowedDownByItsOwnGuesses() {
		String device = this.devices.issue("anna", UUID.randomUUID());
		failTimes(attempt("anna", "203.0.113.9", device), 6);
		assertThat(check(attempt("anna", "203.0.113.9", device))).isNotNull();
		assertThat(check(anna())).as("and nobody else").isNull();
	}

	@Test
	void anothersDeviceTokenIsNone() {
		String ottos = this.devices.issue("otto", UUID.randomUUID());
		failTimes(anna(), 6);
		for (String token : List.of(ottos, "", "x".repeat(64), "ä".repeat(64), ottos + "A", "\0")) {
			assertThat(check(attempt("anna", "203.0.113.9", token))).isNotNull();
		}
	}

	@Test
	void theTableNamesNobody() {
		fail(attempt("anna", "203.0.113.9", this.devices.issue("anna", UUID.randomUUID())));
		fail(attempt("anna", "203.0.113.9", null));
		assertThat(count("SELECT count(*) FROM auth.throttle t WHERE t::text LIKE '%anna%' OR "
				+ "position('anna'::bytea IN t.key) > 0"))
			.isZero();
		assertThat(count("SELECT count(*) FROM auth.throttle")).isEqualTo(3);
	}

	@Test
	void whatCountsNoMoreIsPurged() {
		failTimes(anna(), 2);
		DATABASE.raw().execute("UPDATE auth.throttle SET updated_at = now() - interval '25 hours'");
		fail(attempt("otto", null, null));
		assertThat(counters(DATABASE.database()).purge().block(SOON)).isEqualTo(2);
		assertThat(count("SELECT count(*) FROM auth.throttle")).isEqualTo(1);
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
			SignInThrottle blind = throttle(away.database());
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
		return new CountedSignIns(counters(over), this.devices, new KeyedHash(new byte[32]));
	}

	private static ThrottleCounters counters(Database over) {
		return new ThrottleCounters(over, SETTINGS);
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

	private static long count(String sql) {
		try (Connection connection = DATABASE.raw().open();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getLong(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

}
