package com.deliveryservice.authgateway.audit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RepeatsTests {

	private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

	private final Repeats repeats = new Repeats();

	@Test
	void aFloodAtOneLoginIsTwoEventsAMinute() {
		List<RecordedEvent> told = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			RecordedEvent event = event(EventType.SIGN_IN_THROTTLED, "anna", "10.0." + i / 250 + "." + i % 250, i);
			if (this.repeats.isNew(event)) {
				told.add(event);
			}
		}
		assertThat(told).hasSize(1);
		assertThat(this.repeats.over(NOW.plusSeconds(59))).isEmpty();
		assertThat(this.repeats.over(NOW.plusSeconds(60))).singleElement()
			.returns(told.get(0), Repeats.Repeated::first)
			.returns(499L, Repeats.Repeated::more);
		assertThat(this.repeats.isNew(event(EventType.SIGN_IN_THROTTLED, "anna", "10.0.0.1", 60_001))).isTrue();
	}

	@Test
	void aFloodFromOneAddressIsToo() {
		for (int i = 0; i < 500; i++) {
			assertThat(this.repeats.isNew(event(EventType.SIGN_IN_THROTTLED, "user" + i, "203.0.113.9", i)))
				.isEqualTo(i == 0);
		}
	}

	@Test
	void aFloodFromEverywhereAtEverybodyIsBounded() {
		int told = 0;
		for (int i = 0; i < 20_000; i++) {
			told += this.repeats.isNew(event(EventType.THROTTLED, "user" + i, "10.1." + i / 250 + "." + i % 250, 0)) ? 1
					: 0;
		}
		assertThat(told).isLessThanOrEqualTo(1001);
		long more = this.repeats.over(NOW.plusSeconds(60)).stream().mapToLong(Repeats.Repeated::more).sum();
		assertThat(told + more).isEqualTo(20_000);
	}

	@Test
	void whatIsNotRepeatedIsToldOnce() {
		assertThat(this.repeats.isNew(event(EventType.SIGN_IN_THROTTLED, "anna", "10.0.0.1", 0))).isTrue();
		assertThat(this.repeats.isNew(event(EventType.SIGN_IN_THROTTLED, "otto", "10.0.0.2", 0))).isTrue();
		assertThat(this.repeats.over(NOW.plusSeconds(90))).isEmpty();
	}

	@Test
	void everythingElseIsToldEachTime() {
		for (int i = 0; i < 3; i++) {
			assertThat(this.repeats.isNew(event(EventType.SIGN_IN_FAILED, "anna", "10.0.0.1", i))).isTrue();
		}
	}

	private static RecordedEvent event(EventType type, String login, String address, int millis) {
		try {
			return RecordedEvent.of(UUID.randomUUID(), NOW.plus(Duration.ofMillis(millis)),
					SecurityEvent.of(type).aboutLogin(login), Origin.of("r", InetAddress.getByName(address)));
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

}
