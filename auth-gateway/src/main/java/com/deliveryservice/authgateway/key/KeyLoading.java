package com.deliveryservice.authgateway.key;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * Loads the keys once the database is there, for as long as that takes, and again from
 * time to time. A lifecycle bean: it subscribes.
 */
@Component
class KeyLoading implements KeyChanges, SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(KeyLoading.class);

	private static final Duration FIRST_RETRY = Duration.ofMillis(200);

	private static final Duration LONGEST_RETRY = Duration.ofSeconds(1);

	/** In case that a notification is lost, or cannot come. */
	private static final Duration RELOAD = Duration.ofSeconds(5);

	private final Database database;

	private final KeyLoader loader;

	private final ProcessEnd end;

	/** Takes another subscriber after a stop and a start. */
	private final Sinks.Many<Boolean> changes = Sinks.many().multicast().directBestEffort();

	private volatile @Nullable Disposable loading;

	KeyLoading(Database database, KeyLoader loader, ProcessEnd end) {
		this.database = database;
		this.loader = loader;
		this.end = end;
	}

	@Override
	public void changed() {
		synchronized (this.changes) {
			if (this.changes.tryEmitNext(true).isFailure()) {
				logger.debug("Nobody loads keys at the moment");
			}
		}
	}

	@Override
	public void start() {
		this.loading = this.database.ready()
			.then(loadForSure())
			.thenMany(Flux.merge(this.changes.asFlux(), Flux.interval(RELOAD).map((tick) -> true))
				.onBackpressureLatest()
				.concatMap((wanted) -> reload(), 0))
			.subscribe((ignored) -> {
			}, (failure) -> this.end.because(String.valueOf(failure.getMessage())));
	}

	@Override
	public void stop() {
		Disposable running = this.loading;
		if (running != null) {
			running.dispose();
		}
		this.loading = null;
	}

	@Override
	public boolean isRunning() {
		return this.loading != null;
	}

	private Mono<Void> loadForSure() {
		return this.loader.loadOrCreate()
			.doOnError((failure) -> logger.debug("Signing keys could not be loaded yet", failure))
			.retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_RETRY)
				.maxBackoff(LONGEST_RETRY)
				.filter((failure) -> !(failure instanceof WrongEncryptionKeyException)));
	}

	private Mono<Void> reload() {
		return this.loader.loadOrCreate()
			.doOnError((failure) -> logger.warn("Signing keys could not be loaded again: {}", failure.getMessage()))
			.onErrorComplete();
	}

}
