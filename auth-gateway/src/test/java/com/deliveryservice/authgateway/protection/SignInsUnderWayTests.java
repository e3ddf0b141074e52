package com.deliveryservice.authgateway.protection;

import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import reactor.core.publisher.Flux;

import static com.deliveryservice.authgateway.protection.ThrottleUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * One replica expects a callback, and another one may get it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInsUnderWayTests {

	private ThrottleUnderTest throttle;

	private SignInsUnderWay a;

	private SignInsUnderWay b;

	@BeforeAll
	void open() {
		this.throttle = new ThrottleUnderTest(new ProtectionSettings(5, Duration.ofMinutes(15), 100, 20, 40, 10));
		this.a = ProtectionFixture.underWay(this.throttle.database().database());
		this.b = ProtectionFixture.underWay(this.throttle.other().database());
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
	void whatIsExpectedIsTakenOnceOnWhateverReplica() {
		this.a.expect("anna").block(SOON);
		assertThat(this.b.take("otto").block(SOON)).isFalse();
		assertThat(this.b.take("anna").block(SOON)).isTrue();
		assertThat(this.b.take("anna").block(SOON)).isFalse();
		assertThat(this.a.take("anna").block(SOON)).isFalse();
	}

	@Test
	void ofManyAtOnceAsManyAreTakenAsAreExpected() {
		Flux.range(0, 20).flatMap((n) -> ((n % 2 == 0) ? this.a : this.b).expect("anna"), 8).blockLast(SOON);
		Long taken = Flux.range(0, 50)
			.flatMap((n) -> ((n % 2 == 0) ? this.a : this.b).take("anna"), 8)
			.filter((was) -> was)
			.count()
			.block(SOON);
		assertThat(taken).isEqualTo(20);
	}

	@Test
	void whatNeverCameIsSoonExpectedNoMore() {
		this.a.expect("anna").block(SOON);
		this.throttle.execute("UPDATE auth.sign_in_under_way SET until = until - interval '11 seconds'");
		assertThat(this.a.take("anna").block(SOON)).isFalse();
		this.a.expect("anna").block(SOON);
		assertThat(this.a.take("anna").block(SOON)).isTrue();
		assertThat(this.a.take("anna").block(SOON)).as("the old one is not added to the new").isFalse();
	}

}
