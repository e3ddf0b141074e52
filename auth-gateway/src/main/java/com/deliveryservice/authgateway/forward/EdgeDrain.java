package com.deliveryservice.authgateway.forward;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Ends the edge's exchanges before its listener is closed: from the beginning of the
 * shutdown each answer says {@code Connection: close}, and the server waits until nothing
 * is being forwarded, at most {@link #LIMIT}; event streams and WebSockets are ended one
 * after the other meanwhile. Boot's own graceful shutdown comes after it and knows the
 * API lane alone.
 */
@Component
class EdgeDrain implements SmartLifecycle {

	static final Duration LIMIT = Duration.ofSeconds(25);

	private static final Logger log = LoggerFactory.getLogger(EdgeDrain.class);

	private static final long PERIOD_MILLIS = 50;

	private final Edge edge;

	private volatile boolean running;

	EdgeDrain(Edge edge) {
		this.edge = edge;
	}

	@Override
	public void start() {
		this.edge.drain(false);
		this.running = true;
	}

	@Override
	public void stop() {
		stop(() -> {
		});
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void stop(Runnable callback) {
		this.edge.drain(true);
		this.running = false;
		long deadline = System.nanoTime() + LIMIT.toNanos();
		ScheduledExecutorService waiting = Executors.newSingleThreadScheduledExecutor();
		waiting.scheduleWithFixedDelay(() -> {
			int left = this.edge.meters().inFlight().get() + this.edge.meters().streams().get();
			if (left > 0 && System.nanoTime() < deadline) {
				return;
			}
			if (left > 0) {
				log.warn("{} forwarded requests and streams did not end in {} and are cut off", left, LIMIT);
			}
			waiting.shutdown();
			callback.run();
		}, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** Stopped before everything else. */
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}

}
