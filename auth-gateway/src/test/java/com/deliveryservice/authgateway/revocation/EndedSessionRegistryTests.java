package com.deliveryservice.authgateway.revocation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EndedSessionRegistryTests {

	private static final Instant START = Instant.parse("2026-11-23T04:05:06Z");

	private Instant now = START;

	private final EndedSessionRegistry registry = new EndedSessionRegistry(new Clock() {

		@Override
		public Instant instant() {
			return EndedSessionRegistryTests.this.now;
		}

		@Override
		public ZoneOffset getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(java.time.ZoneId zone) {
			throw new UnsupportedOperationException();
		}

	}, ReplicaFixture.TOKENS, new RevocationSettings(Duration.ofSeconds(5), Duration.ofSeconds(60)));

	@Test
	void anEndedSessionIsKeptAsLongAsATokenOfItCouldPass() {
		UUID id = UUID.randomUUID();
		this.registry.add(id);
		forward(ReplicaFixture.TOKENS.longestUse().minusSeconds(1));
		assertThat(this.registry.contains(id)).isTrue();
		forward(Duration.ofSeconds(1));
		assertThat(this.registry.contains(id)).isFalse();
		assertThat(this.registry.size()).isZero();
	}

	@Test
	void nothingIsKnownUntilTheFirstReading() {
		assertThat(this.registry.areLoaded()).isFalse();
		assertThat(this.registry.isStale()).isTrue();
		assertThat(this.registry.staleness()).isEqualTo(ReplicaFixture.TOKENS.longestUse());
	}

	@Test
	void knowledgeGetsOld() {
		this.registry.upToDate(this.now.toEpochMilli());
		this.now = this.now.plusSeconds(60);
		assertThat(this.registry.isStale()).isFalse();
		this.now = this.now.plusSeconds(1);
		assertThat(this.registry.isStale()).isTrue();
		assertThat(this.registry.areLoaded()).isTrue();
		assertThat(this.registry.staleness()).isEqualTo(Duration.ofSeconds(61));
	}

	@Test
	void anOlderReadingDoesNotTurnTheClockBack() {
		this.registry.upToDate(this.now.toEpochMilli());
		this.registry.upToDate(this.now.minusSeconds(30).toEpochMilli());
		assertThat(this.registry.staleness()).isZero();
	}

	@Test
	void wrongSettingsAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RevocationSettings(Duration.ZERO, Duration.ofSeconds(60)))
			.withMessage("auth-gateway.revocation.poll-every: PT0S (expected 100ms to 1m)");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RevocationSettings(Duration.ofSeconds(5), Duration.ofSeconds(5)))
			.withMessageStartingWith("auth-gateway.revocation.max-staleness: PT5S (expected ");
	}

	private void forward(Duration duration) {
		this.now = this.now.plus(duration);
		this.registry.upToDate(this.now.toEpochMilli());
	}

}
