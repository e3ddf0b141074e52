package com.deliveryservice.authgateway.upstream;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The addresses behind one backend's names, and how they fare: new connections go to the
 * one with the fewest, and pass over those that failed for a growing time. If all of them
 * did, none is passed over.
 */
final class Addresses {

	private static final long FIRST = Duration.ofSeconds(1).toNanos();

	private static final int DOUBLINGS = 6;

	/** Beyond that a name has changed so often that the old ones do not matter. */
	private static final int MOST = 1000;

	private final ConcurrentHashMap<InetSocketAddress, Address> known = new ConcurrentHashMap<>();

	/**
	 * Chooses one for a new connection.
	 * @param resolved all that the names mean now, one or more
	 * @param now as of {@link System#nanoTime}
	 */
	Address choose(List<InetSocketAddress> resolved, long now) {
		if (this.known.size() > MOST) {
			this.known.values().removeIf((address) -> address.connections.get() == 0);
		}
		List<Address> all = resolved.stream()
			.map((address) -> this.known.computeIfAbsent(address, Address::new))
			.toList();
		List<Address> well = all.stream().filter((address) -> !address.isOut(now)).toList();
		List<Address> choice = well.isEmpty() ? all : well;
		int offset = ThreadLocalRandom.current().nextInt(choice.size());
		return IntStream.range(0, choice.size())
			.mapToObj((i) -> choice.get((i + offset) % choice.size()))
			.min(Comparator.comparingInt((Address address) -> address.connections.get()))
			.orElseThrow();
	}

	/**
	 * How many addresses are passed over.
	 */
	int out(long now) {
		return (int) this.known.values().stream().filter((address) -> address.isOut(now)).count();
	}

	/**
	 * One address.
	 */
	static final class Address {

		private final InetSocketAddress address;

		private final AtomicInteger connections = new AtomicInteger();

		private volatile int failures;

		private volatile long outUntil;

		Address(InetSocketAddress address) {
			this.address = address;
		}

		InetSocketAddress socketAddress() {
			return this.address;
		}

		void opened() {
			this.connections.incrementAndGet();
		}

		void closed() {
			this.connections.decrementAndGet();
		}

		/**
		 * It gave an answer.
		 */
		void succeeded() {
			if (this.failures != 0) {
				this.failures = 0;
			}
		}

		/**
		 * It could not be reached, broke, or did not answer.
		 */
		synchronized void failed(long now) {
			long time = FIRST << Math.min(this.failures, DOUBLINGS);
			this.failures = this.failures + 1;
			this.outUntil = now + time / 2 + ThreadLocalRandom.current().nextLong(time);
		}

		private boolean isOut(long now) {
			return this.failures != 0 && now - this.outUntil < 0;
		}

	}

}
