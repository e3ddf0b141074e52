package com.deliveryservice.authgateway.notifier;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import com.deliveryservice.authgateway.database.Database;

/**
 * Delivers from start to stop: soon after each promise of this replica, and every second
 * what others left behind. A lifecycle bean: it subscribes.
 */
final class DeliveryRounds implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(DeliveryRounds.class);

	private static final Duration EVERY = Duration.ofSeconds(1);

	/** Far longer than any round takes whose calls keep their deadlines. */
	private static final Duration LONGEST_ROUND = Duration.ofMinutes(10);

	private final Database database;

	private final Mono<Void> deliver;

	private final Mono<Void> expire;

	/** Takes another subscriber after a stop and a start. */
	private final Sinks.Many<Long> wakes = Sinks.many().multicast().directBestEffort();

	private volatile @Nullable Disposable running;

	/**
	 * Rounds.
	 * @param deliver done every second and when woken
	 * @param expire done every second
	 */
	DeliveryRounds(Database database, Mono<Void> deliver, Mono<Void> expire) {
		this.database = database;
		this.deliver = deliver;
		this.expire = expire;
	}

	/**
	 * Has what is due delivered; returns at once.
	 */
	void wake() {
		synchronized (this.wakes) {
			if (this.wakes.tryEmitNext(-1L).isFailure()) {
				logger.trace("The next round takes it along");
			}
		}
	}

	@Override
	public void start() {
		Flux<Long> ticks = Flux.interval(EVERY).onBackpressureDrop();
		this.running = this.database.ready()
			.thenMany(Flux.merge(this.wakes.asFlux(), ticks).onBackpressureLatest())
			.concatMap((number) -> round(number).timeout(LONGEST_ROUND).onErrorResume(DeliveryRounds::later), 0)
			.subscribe((done) -> {
			}, (failure) -> logger.error("Notifications are delivered no more", failure));
	}

	@Override
	public void stop() {
		Disposable disposable = this.running;
		if (disposable != null) {
			disposable.dispose();
		}
		this.running = null;
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

	private Mono<Void> round(long number) {
		return (number >= 0) ? this.expire.then(this.deliver) : this.deliver;
	}

	private static Mono<Void> later(Throwable failure) {
		logger.debug("Notifications are delivered later: {}", failure.toString());
		return Mono.empty();
	}

}
