package com.deliveryservice.authgateway.forward;

import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.route.Route;
import com.deliveryservice.authgateway.upstream.Breaker.Admission;
import com.deliveryservice.authgateway.upstream.UpstreamPool;

/**
 * What has to be given back or counted for one exchange, each exactly once: its place
 * among the requests in flight or the streams, the breaker's admission, the retry.
 */
final class ExchangeAccount {

	private final ForwardMeters meters;

	private final UpstreamPool pool;

	private final Timer[] timers;

	private final long startedAt = System.nanoTime();

	private @Nullable Admission admission;

	private boolean inFlight;

	private boolean streaming;

	private boolean retried;

	private boolean closed;

	ExchangeAccount(ForwardMeters meters, UpstreamPool pool, Route route) {
		this.meters = meters;
		this.pool = pool;
		this.timers = meters.of(route);
	}

	/** Counts from here on until {@link #close}. */
	void open() {
		this.inFlight = true;
		this.meters.inFlight().incrementAndGet();
	}

	/**
	 * Asks the breaker.
	 * @return the refusal, or {@code null} if the request may be sent
	 */
	@Nullable Problem admit() {
		this.admission = this.pool.breaker().admit(System.nanoTime());
		return (this.admission == Admission.REFUSED)
				? Failures.breakerOpen(this.pool.breaker().remaining(System.nanoTime())) : null;
	}

	/** Tells the breaker, once. */
	void settle(boolean well) {
		Admission admitted = this.admission;
		this.admission = null;
		if (admitted == null || admitted == Admission.REFUSED) {
			return;
		}
		if (well) {
			this.pool.breaker().succeeded(admitted);
		}
		else {
			this.pool.breaker().failed(admitted, System.nanoTime());
		}
	}

	/**
	 * Takes the only retry, if the budget has one left.
	 */
	boolean mayRetry() {
		if (this.retried || !this.pool.mayRetry()) {
			return false;
		}
		this.meters.retried();
		this.retried = true;
		return true;
	}

	/** Streams do not count as requests in flight: they may stay for hours. */
	void becomeStream() {
		uncount();
		this.streaming = true;
		this.meters.streams().incrementAndGet();
	}

	/**
	 * Its beginning.
	 * @return as of {@link System#nanoTime}
	 */
	long startedAt() {
		return this.startedAt;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Gives everything back.
	 * @param outcome what became of the exchange
	 * @return false if that was done before
	 */
	boolean close(int outcome) {
		if (this.closed) {
			return false;
		}
		this.closed = true;
		uncount();
		Admission unsettled = this.admission;
		if (unsettled != null) {
			this.pool.breaker().abandoned(unsettled);
		}
		if (this.retried) {
			this.pool.retried();
		}
		if (this.streaming) {
			this.meters.streams().decrementAndGet();
		}
		ForwardMeters.record(this.timers, outcome, System.nanoTime() - this.startedAt);
		return true;
	}

	private void uncount() {
		if (this.inFlight) {
			this.inFlight = false;
			this.meters.inFlight().decrementAndGet();
		}
	}

}
