package com.deliveryservice.authgateway.protection;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RefreshLimitTests {

	private Instant now = Instant.parse("2026-11-24T00:00:00Z");

	private final RefreshLimit limit = new RefreshLimit(new RefreshLimitSettings(60), new Clock() {

		@Override
		public Instant instant() {
			return RefreshLimitTests.this.now;
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	});

	@Test
	void anAddressMayAskSoManyTimesAndThenHasToWaitForOne() {
		takeAll("192.0.2.1");
		assertThat(take("192.0.2.1")).isEqualTo(Duration.ofSeconds(1));
		assertThat(take("192.0.2.1")).isEqualTo(Duration.ofSeconds(1));
		this.now = this.now.plusMillis(1001);
		assertThat(take("192.0.2.1")).isNull();
		assertThat(take("192.0.2.1")).isNotNull();
	}

	@Test
	void othersAreNotConcerned() {
		takeAll("192.0.2.1");
		assertThat(take("192.0.2.2")).isNull();
	}

	@Test
	void aWholeNetworkOfIpv6IsOneAddress() {
		takeAll("2001:db8::1");
		assertThat(take("2001:db8::ffff:1")).isNotNull();
		assertThat(take("2001:db8:0:1::1")).isNull();
	}

	@Test
	void aLimitOfNothingIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new RefreshLimitSettings(0))
			.withMessage("auth-gateway.protection.refresh.per-minute-and-address: 0 (expected 1 to 1000000)");
	}

	private void takeAll(String address) {
		for (int i = 0; i < 60; i++) {
			assertThat(take(address)).isNull();
		}
	}

	private @Nullable Duration take(String address) {
		try {
			return this.limit.take(InetAddress.getByName(address));
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

}
