package com.deliveryservice.authgateway.upstream;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The addresses behind one backend's names, and how they fare: new connections go to the
 * one with the fewest, and pass over those that failed several times in a row, for a
 * growing time. If all of them did, none is passed over.
 */
final class Addresses {

	private static final long FIRST = Duration.ofSeconds(1).toNanos();

	private static final int DOUBLINGS = 6;

	/**
	 * In a row. One alone says little: an answer that broke, or an idle connection that
	 * was closed just when it was used.
	 */
	private static final int FAILURES = 3;

	/** So that what is sent once more goes elsewhere. */
	private static final long JUST_NOW = Duration.ofMillis(100).toNanos();

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
		List<Address> choice = unless(all, (address) -> address.isOut(now));
		choice = unless(choice, (address) -> address.hasFailedJustNow(now));
		int offset = ThreadLocalRandom.current().nextInt(choice.size());
		List<Address> good = choice;
		return IntStream.range(0, good.size())
			.mapToObj((i) -> good.get((i + offset) % good.size()))
			.min(Comparator.comparingInt((Address address) -> address.connections.get()))
			.orElseThrow();
	}

	private static List<Address> unless(List<Address> all, Predicate<Address> bad) {
		List<Address> rest = all.stream().filter(bad.negate()).toList();
		return rest.isEmpty() ? all : rest;
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

		private volatile long failedAt;

		private volatile int outs;

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
				recover();
			}
		}

		private synchronized void recover() {
			this.failures = 0;
			this.outs = 0;
		}

		/**
		 * It could not be reached, broke, or did not answer. What fails while it is out
		 * anyway, such as all the connections that a restart cuts at once, makes that no
		 * longer.
		 */
		synchronized void failed(long now) {
			boolean wasOut = isOut(now);
			this.failures = Math.min(this.failures + 1, FAILURES);
			this.failedAt = now;
			if (this.failures == FAILURES && !wasOut) {
				long time = FIRST << Math.min(this.outs, DOUBLINGS);
				this.outs = this.outs + 1;
				this.outUntil = now + time / 2 + ThreadLocalRandom.current().nextLong(time);
			}
		}

		private boolean isOut(long now) {
			return this.failures == FAILURES && now - this.outUntil < 0;
		}

		private boolean hasFailedJustNow(long now) {
			return this.failures != 0 && now - this.failedAt < JUST_NOW;
		}

	}

}
