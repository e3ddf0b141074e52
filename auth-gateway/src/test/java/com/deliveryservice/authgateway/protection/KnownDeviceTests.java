package com.deliveryservice.authgateway.protection;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import reactor.core.publisher.Flux;

import static com.deliveryservice.authgateway.protection.ThrottleUnderTest.attempt;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The lane of a device that signed in before.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KnownDeviceTests {

	private static final String HERE = "198.51.100.1";

	private static final String ELSEWHERE = "203.0.113.9";

	private static final int CAP = 10;

	private static final UUID SESSION = UUID.fromString("0a000000-0000-4000-8000-0000000000ff");

	private final String device = ProtectionFixture.DEVICES.issue("anna", SESSION);

	private ThrottleUnderTest throttle;

	@BeforeAll
	void open() {
		this.throttle = new ThrottleUnderTest(new ProtectionSettings(5, Duration.ofMinutes(15), 20, 6, 40, CAP));
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
	void itIsNotSlowedDownByGuessesElsewhere() {
		this.throttle.failTimes(guess(), 12);
		assertThat(this.throttle.check(known())).isNull();
		assertThat(this.throttle.succeed(known())).isNull();
		assertThat(this.throttle.check(guess())).as("the others still wait").isNotNull();
	}

	@Test
	void itIsNotSlowedDownByWhoeverSharesItsAddress() {
		for (int account = 1; account <= 41; account++) {
			this.throttle.fail(attempt("user" + account, HERE));
		}
		assertThat(this.throttle.check(attempt("anna", HERE))).isNotNull();
		assertThat(this.throttle.check(known())).isNull();
		assertThat(this.throttle.succeed(known())).isNull();
	}

	@Test
	void itIsSlowedDownByItsOwnGuesses() {
		this.throttle.failTimes(known(), 6);
		assertThat(this.throttle.check(known())).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
		assertThat(this.throttle.check(guess())).as("and nobody else").isNull();
	}

	@Test
	void afterTooManyItsTokenIsWorthNothing() {
		this.throttle.failTimes(known(), CAP);
		this.throttle.waitIsOver();
		this.throttle.failTimes(guess(), 7);
		assertThat(this.throttle.check(known())).as("it waits with the others").isNotNull();
		this.throttle.waitIsOver();
		assertThat(this.throttle.fail(known())).isNull();
		assertThat(this.throttle.check(guess())).as("and counts with them").isGreaterThan(Duration.ofSeconds(3));
		assertThat(this.throttle.count("SELECT count(*) FROM auth.throttle WHERE failures > " + CAP)).isZero();
	}

	@Test
	void withTheOthersItMaySignInAndItsNewTokenIsAsGoodAsAny() {
		this.throttle.failTimes(known(), CAP);
		this.throttle.waitIsOver();
		assertThat(this.throttle.check(known())).isNull();
		assertThat(this.throttle.succeed(known())).isNull();
		this.throttle.failTimes(guess(), 7);
		assertThat(this.throttle.check(known())).as("the old one").isNotNull();
		String renewed = ProtectionFixture.DEVICES.issue("anna", UUID.randomUUID());
		assertThat(this.throttle.check(attempt("anna", HERE, renewed))).isNull();
	}

	@Test
	void aDayLaterItIsTrustedAgain() {
		this.throttle.failTimes(known(), CAP);
		this.throttle
			.execute("UPDATE auth.throttle SET blocked_until = '-infinity', updated_at = now() - interval '25 hours'");
		this.throttle.failTimes(guess(), 7);
		assertThat(this.throttle.check(known())).isNull();
		assertThat(this.throttle.fail(known())).isNull();
	}

	@Test
	void itsGoodSignInForgetsItsOwnFailures() {
		this.throttle.failTimes(known(), CAP - 1);
		this.throttle.waitIsOver();
		assertThat(this.throttle.succeed(known())).isNull();
		this.throttle.failTimes(known(), 5);
		assertThat(this.throttle.check(known())).isNull();
	}

	@Test
	void ofAHundredGuessesWithAStolenTokenOnlyTheLastOfItsOwnAndOneOfTheAccountAreTold() {
		this.throttle.failTimes(guess(), 12);
		this.throttle.failTimes(known(), CAP - 1);
		this.throttle.waitIsOver();
		Long told = Flux.range(0, 100)
			.flatMap((guess) -> ((guess % 2 == 0) ? this.throttle.a : this.throttle.b).failed(known()).hasElement(), 8)
			.filter((waits) -> !waits)
			.count()
			.block(Duration.ofSeconds(30));
		assertThat(told).isEqualTo(2);
	}

	@Test
	void aSessionIsOnADeviceThatSignedIn() throws Exception {
		SignInAttempt inSession = SignInAttempt.inSession("anna", InetAddress.getByName(ELSEWHERE), SESSION);
		this.throttle.failTimes(guess(), 12);
		assertThat(this.throttle.check(inSession)).isNull();
		this.throttle.fail(inSession);
		this.throttle.failTimes(known(), 5);
		assertThat(this.throttle.check(inSession)).as("and its guesses are that device's").isNotNull();
	}

	@Test
	void anothersDeviceTokenIsNone() {
		String ottos = ProtectionFixture.DEVICES.issue("otto", UUID.randomUUID());
		this.throttle.failTimes(guess(), 6);
		for (String token : List.of(ottos, "", "x".repeat(64), "ä".repeat(64), ottos + "A", "\0")) {
			assertThat(this.throttle.check(attempt("anna", ELSEWHERE, token))).isNotNull();
		}
	}

	private SignInAttempt known() {
		return attempt("anna", HERE, this.device);
	}

	private static SignInAttempt guess() {
		return attempt("anna", ELSEWHERE);
	}

}
