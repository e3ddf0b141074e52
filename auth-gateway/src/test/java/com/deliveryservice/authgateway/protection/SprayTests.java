package com.deliveryservice.authgateway.protection;

import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import reactor.core.publisher.Flux;

import static com.deliveryservice.authgateway.protection.ThrottleUnderTest.attempt;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many accounts tried from one address: an attacker, or fifty couriers at the start of
 * their shift.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SprayTests {

	private static final String DEPOT = "203.0.113.9";

	private static final int ACCOUNTS = 40;

	private static final ProtectionSettings SETTINGS = new ProtectionSettings(5, Duration.ofMinutes(15), 100, 20,
			ACCOUNTS, 10);

	private ThrottleUnderTest throttle;

	@BeforeAll
	void open() {
		this.throttle = new ThrottleUnderTest(SETTINGS);
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
	void oneAddressFailsAtSoManyAccountsAndNoMore() {
		failAt(1, ACCOUNTS);
		assertThat(this.throttle.check(attempt("another", DEPOT))).isBetween(Duration.ofMinutes(14),
				Duration.ofMinutes(15));
		assertThat(this.throttle.check(attempt("another", "203.0.113.10"))).isNull();
	}

	@Test
	void whoIsNotTheirFirstAccountToFailMayGoOnAndIsHeldUpByTheAccountAlone() {
		failAt(1, ACCOUNTS);
		assertThat(this.throttle.check(attempt("user7", DEPOT))).isNull();
		assertThat(this.throttle.fail(attempt("user7", DEPOT))).isNull();
		assertThat(this.throttle.succeed(attempt("user7", DEPOT))).isNull();
		assertThat(this.throttle.check(attempt("another", DEPOT))).as("one has made room").isNull();
	}

	@Test
	void anotherAccountIsNotToldItsVerdictAndNothingOfItIsCounted() {
		failAt(1, ACCOUNTS);
		assertThat(this.throttle.fail(attempt("another", DEPOT))).isNotNull();
		assertThat(this.throttle.succeed(attempt("another", DEPOT))).isNotNull();
		assertThat(this.throttle.count("SELECT count(*) FROM auth.throttle_spray")).isEqualTo(ACCOUNTS);
		assertThat(this.throttle.count("SELECT count(*) FROM auth.throttle WHERE failures = 1")).isEqualTo(ACCOUNTS);
		assertThat(this.throttle.count("SELECT floor(max(failures)) FROM auth.throttle")).isLessThanOrEqualTo(ACCOUNTS);
	}

	@Test
	void anAccountCountsForAQuarterOfAnHour() {
		failAt(1, ACCOUNTS);
		this.throttle.execute("UPDATE auth.throttle_spray SET failed_at = failed_at - interval '10 minutes'");
		assertThat(this.throttle.check(attempt("another", DEPOT))).isBetween(Duration.ofMinutes(4),
				Duration.ofMinutes(5));
		this.throttle.execute("UPDATE auth.throttle_spray SET failed_at = failed_at - interval '6 minutes'");
		assertThat(this.throttle.check(attempt("another", DEPOT))).isNull();
		assertThat(this.throttle.fail(attempt("another", DEPOT))).isNull();
	}

	/**
	 * Case 111. A busy machine may need more than the 900 ms of a sign-in; an account
	 * that is asked for again is no other one.
	 */
	@Test
	void twoHundredAccountsWithOnePasswordEachAreNotTriedOverTwoReplicasEither() {
		Long told = Flux.range(0, 200)
			.flatMap((guess) -> ((guess % 2 == 0) ? this.throttle.a : this.throttle.b)
				.failed(attempt("user" + guess, DEPOT))
				.hasElement()
				.retry(5), 8)
			.filter((waits) -> !waits)
			.count()
			.block(Duration.ofSeconds(30));
		assertThat(told).isEqualTo(ACCOUNTS);
	}

	@Test
	void aNetworkOfIpv6AddressesIsOneAddress() {
		for (int account = 1; account <= ACCOUNTS; account++) {
			this.throttle.fail(attempt("user" + account, "2001:db8:0:1::" + account));
		}
		assertThat(this.throttle.check(attempt("another", "2001:db8:0:1:ffff::1"))).isNotNull();
		assertThat(this.throttle.check(attempt("another", "2001:db8:0:2::1"))).isNull();
	}

	@Test
	void aDepotBehindOneAddressIsNotLockedOutAtTheStartOfAShift() {
		for (int courier = 1; courier <= 50; courier++) {
			SignInAttempt attempt = attempt("courier" + courier, DEPOT);
			for (int mistyped = 0; mistyped < courier % 3; mistyped++) {
				assertThat(this.throttle.check(attempt)).isNull();
				assertThat(this.throttle.fail(attempt)).isNull();
			}
			assertThat(this.throttle.check(attempt)).isNull();
			assertThat(this.throttle.succeed(attempt)).isNull();
		}
		assertThat(this.throttle.count("SELECT count(*) FROM auth.throttle_spray")).isZero();
		assertThat(this.throttle.count("SELECT count(*) FROM auth.throttle")).as("the address's").isEqualTo(1);
	}

	@Test
	void goodSignInsLeaveNothingBehind() {
		for (int courier = 1; courier <= 50; courier++) {
			assertThat(this.throttle.succeed(attempt("courier" + courier, DEPOT))).isNull();
		}
		assertThat(this.throttle.count("SELECT count(*) FROM auth.throttle")).isZero();
	}

	private void failAt(int from, int to) {
		for (int account = from; account <= to; account++) {
			assertThat(this.throttle.fail(attempt("user" + account, DEPOT))).isNull();
		}
	}

}
