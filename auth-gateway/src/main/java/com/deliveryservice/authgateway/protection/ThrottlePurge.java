package com.deliveryservice.authgateway.protection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deletes counters that count no more, in batches and off every request path: whoever
 * guesses at made-up logins would fill the table else.
 */
class ThrottlePurge implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(ThrottlePurge.class);

	private static final Duration EVERY = Duration.ofMinutes(5);

	private final ThrottleCounters counters;

	private volatile @Nullable Disposable running;

	ThrottlePurge(ThrottleCounters counters) {
		this.counters = counters;
	}

	@Override
	public void start() {
		this.running = Flux.interval(EVERY).onBackpressureDrop().concatMap((tick) -> purge()).subscribe();
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

	private Mono<Long> purge() {
		return this.counters.purge()
			.repeat()
			.takeUntil((deleted) -> deleted == 0)
			.last()
			.timeout(EVERY)
			.onErrorResume((failure) -> {
				logger.debug("Throttle counters are purged later: {}", failure.toString());
				return Mono.empty();
			});
	}

}
