package com.deliveryservice.authgateway.upstream;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Leaves a backend alone that failed several times in a row: for a second, then for twice
 * as long each time, up to half a minute, give or take a quarter. Then one request tries.
 * While all is well it costs a read of two fields; it takes no lock.
 */
public final class Breaker {

	private static final long FIRST = Duration.ofSeconds(1).toNanos();

	private static final int DOUBLINGS = 5;

	private final int failuresToOpen;

	private final AtomicInteger failures = new AtomicInteger();

	private final AtomicBoolean trying = new AtomicBoolean();

	private volatile int openings;

	private volatile boolean open;

	private volatile long openUntil;

	/**
	 * A closed one.
	 * @param failuresToOpen how many in a row open it, 1 or more
	 */
	Breaker(int failuresToOpen) {
		this.failuresToOpen = failuresToOpen;
	}

	/**
	 * Whether a request may be sent. Each admitted one has to end with one of
	 * {@link #succeeded}, {@link #failed} or {@link #abandoned}.
	 * @param now as of {@link System#nanoTime}
	 */
	public Admission admit(long now) {
		if (!this.open) {
			return Admission.USUAL;
		}
		return (now - this.openUntil >= 0 && this.trying.compareAndSet(false, true)) ? Admission.TRIAL
				: Admission.REFUSED;
	}

	/**
	 * How long nobody is admitted yet.
	 * @return a positive duration
	 */
	public Duration remaining(long now) {
		return Duration.ofNanos(Math.max(Duration.ofMillis(1).toNanos(), this.openUntil - now));
	}

	/**
	 * The backend answered, whatever it was.
	 */
	public void succeeded(Admission admission) {
		if (this.failures.get() != 0) {
			this.failures.set(0);
		}
		if (admission == Admission.TRIAL) {
			this.openings = 0;
			this.open = false;
			this.trying.set(false);
		}
	}

	/**
	 * The backend could not be reached, broke, or did not answer.
	 * @param now as of {@link System#nanoTime}
	 */
	public void failed(Admission admission, long now) {
		boolean tooMany = this.failures.incrementAndGet() >= this.failuresToOpen;
		if (admission == Admission.TRIAL || (tooMany && !this.open)) {
			open(now);
		}
		abandoned(admission);
	}

	/**
	 * Nobody waits for the answer any more: it says nothing about the backend.
	 */
	public void abandoned(Admission admission) {
		if (admission == Admission.TRIAL) {
			this.trying.set(false);
		}
	}

	/**
	 * Whether requests are refused at the moment, but for one that tries.
	 */
	public boolean isOpen() {
		return this.open;
	}

	private synchronized void open(long now) {
		long time = FIRST << Math.min(this.openings, DOUBLINGS);
		long spread = ThreadLocalRandom.current().nextLong(time / 2);
		this.openings = this.openings + 1;
		this.openUntil = now + time - time / 4 + spread;
		this.open = true;
	}

	/**
	 * How a request was admitted.
	 */
	public enum Admission {

		/** As always. */
		USUAL,

		/** To find out whether the backend is well again. */
		TRIAL,

		/** Not at all. */
		REFUSED

	}

}
