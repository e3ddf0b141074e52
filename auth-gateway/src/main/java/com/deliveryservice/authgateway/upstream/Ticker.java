package com.deliveryservice.authgateway.upstream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * The coarse clock of one event loop. One task looks at every deadline ten times a
 * second: cheaper than a timer for each wait of each request, and exact enough for waits
 * of half a second and more. Used on its event loop alone.
 */
public final class Ticker {

	private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(100);

	private static final FastThreadLocal<Ticker> CURRENT = new FastThreadLocal<>();

	private final EventLoop loop;

	private final Set<Timed> all = new LinkedHashSet<>();

	private @Nullable Future<?> task;

	private long now = System.nanoTime();

	private Ticker(EventLoop loop) {
		this.loop = loop;
	}

	/**
	 * The ticker of the event loop that is running.
	 */
	public static Ticker of(EventLoop loop) {
		Ticker ticker = CURRENT.get();
		if (ticker == null || ticker.loop != loop) {
			ticker = new Ticker(loop);
			CURRENT.set(ticker);
		}
		return ticker;
	}

	/**
	 * Nanoseconds as of {@link System#nanoTime}, at most a tenth of a second old.
	 */
	public long now() {
		return this.now;
	}

	/**
	 * The deadline that lies so far ahead, or a tenth of a second further.
	 */
	public long after(Duration duration) {
		return this.now + duration.toNanos() + PERIOD;
	}

	public void add(Timed timed) {
		this.all.add(timed);
		if (this.task == null) {
			this.now = System.nanoTime();
			this.task = this.loop.scheduleAtFixedRate(this::tick, PERIOD, PERIOD, TimeUnit.NANOSECONDS);
		}
	}

	public void remove(Timed timed) {
		this.all.remove(timed);
		Future<?> running = this.task;
		if (this.all.isEmpty() && running != null) {
			running.cancel(false);
			this.task = null;
		}
	}

	private void tick() {
		this.now = System.nanoTime();
		List<Timed> expired = null;
		for (Timed timed : this.all) {
			if (timed.isExpired(this.now)) {
				expired = (expired != null) ? expired : new ArrayList<>();
				expired.add(timed);
			}
		}
		if (expired != null) {
			expired.forEach(Timed::expired);
		}
	}

}
