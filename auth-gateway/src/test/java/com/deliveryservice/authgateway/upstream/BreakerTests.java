package com.deliveryservice.authgateway.upstream;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.upstream.Breaker.Admission;

import static org.assertj.core.api.Assertions.assertThat;

class BreakerTests {

	private static final long LONG = Duration.ofMinutes(1).toNanos();

	private final Breaker breaker = new Breaker(3);

	@Test
	void itOpensOnFailuresInARowAlone() {
		fail(2);
		this.breaker.succeeded(Admission.USUAL);
		fail(2);
		assertThat(this.breaker.admit(0)).isEqualTo(Admission.USUAL);
		fail(1);
		assertThat(this.breaker.isOpen()).isTrue();
		assertThat(this.breaker.admit(0)).isEqualTo(Admission.REFUSED);
		assertThat(this.breaker.remaining(0)).isBetween(Duration.ofMillis(750), Duration.ofMillis(1250));
	}

	@Test
	void afterItsTimeOneRequestTries() {
		fail(3);
		assertThat(this.breaker.admit(LONG)).isEqualTo(Admission.TRIAL);
		assertThat(this.breaker.admit(LONG)).isEqualTo(Admission.REFUSED);
		this.breaker.succeeded(Admission.TRIAL);
		assertThat(this.breaker.isOpen()).isFalse();
		assertThat(this.breaker.admit(LONG)).isEqualTo(Admission.USUAL);
	}

	@Test
	void aTrialThatFailsOpensItForLonger() {
		fail(3);
		long now = 0;
		long longest = 0;
		for (int i = 0; i < 10; i++) {
			now += LONG;
			assertThat(this.breaker.admit(now)).isEqualTo(Admission.TRIAL);
			this.breaker.failed(Admission.TRIAL, now);
			longest = Math.max(longest, this.breaker.remaining(now).toMillis());
		}
		assertThat(longest).isBetween(24_000L, 40_000L);
	}

	@Test
	void aTrialThatNobodyWaitsForMakesRoomForAnother() {
		fail(3);
		assertThat(this.breaker.admit(LONG)).isEqualTo(Admission.TRIAL);
		this.breaker.abandoned(Admission.TRIAL);
		assertThat(this.breaker.admit(LONG)).isEqualTo(Admission.TRIAL);
	}

	@Test
	void whatWasUnderWayWhenItOpenedChangesNothing() {
		fail(3);
		fail(5);
		this.breaker.succeeded(Admission.USUAL);
		assertThat(this.breaker.isOpen()).isTrue();
		assertThat(this.breaker.remaining(0)).isLessThan(Duration.ofMillis(1251));
	}

	private void fail(int times) {
		for (int i = 0; i < times; i++) {
			this.breaker.failed(Admission.USUAL, 0);
		}
	}

}
