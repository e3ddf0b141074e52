package com.deliveryservice.authgateway.upstream;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** An address is passed over when it fails in a row, and not for longer than need be. */
class AddressesTests {

	private static final InetSocketAddress WELL = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

	private static final InetSocketAddress ILL = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);

	private static final long START = 1_000_000_000L;

	private final Addresses addresses = new Addresses();

	@Test
	void oneFailureOrTwoPutNoAddressOut() {
		ill().failed(START);
		ill().failed(START);
		assertThat(this.addresses.out(START)).isZero();
		assertThat(chosen(after(START, 200))).containsExactlyInAnyOrder(WELL, ILL);
	}

	@Test
	void whatFailedJustNowIsNotTriedAgainAtOnce() {
		ill().failed(START);
		assertThat(chosen(after(START, 10))).containsExactly(WELL);
	}

	@Test
	void threeFailuresInARowPutItOutForAMoment() {
		fail(3, START);
		assertThat(this.addresses.out(START)).isEqualTo(1);
		assertThat(chosen(after(START, 400))).containsExactly(WELL);
		assertThat(chosen(after(START, 1600))).containsExactlyInAnyOrder(WELL, ILL);
	}

	@Test
	void anAnswerInBetweenStartsTheCountAnew() {
		fail(2, START);
		ill().succeeded();
		fail(2, START);
		assertThat(this.addresses.out(START)).isZero();
	}

	@Test
	void itIsOutForLongerEachTime() {
		fail(3, START);
		long again = after(START, 1600);
		fail(1, again);
		assertThat(chosen(after(again, 900))).containsExactly(WELL);
		long third = after(again, 3100);
		fail(1, third);
		assertThat(chosen(after(third, 1900))).containsExactly(WELL);
	}

	@Test
	void aRestartThatCutsAHundredConnectionsAtOnceCountsOnce() {
		fail(100, START);
		assertThat(chosen(after(START, 1600))).containsExactlyInAnyOrder(WELL, ILL);
	}

	@Test
	void ifAllAreOutNoneIsPassedOver() {
		fail(3, START);
		for (int i = 0; i < 3; i++) {
			this.addresses.choose(List.of(WELL), START).failed(START);
		}
		assertThat(chosen(after(START, 10))).containsExactlyInAnyOrder(WELL, ILL);
	}

	private void fail(int times, long now) {
		for (int i = 0; i < times; i++) {
			ill().failed(now);
		}
	}

	private Addresses.Address ill() {
		return this.addresses.choose(List.of(ILL), START);
	}

	private Set<InetSocketAddress> chosen(long now) {
		return IntStream.range(0, 60)
			.mapToObj((i) -> this.addresses.choose(List.of(WELL, ILL), now).socketAddress())
			.collect(Collectors.toSet());
	}

	private static long after(long time, long millis) {
		return time + Duration.ofMillis(millis).toNanos();
	}

}
