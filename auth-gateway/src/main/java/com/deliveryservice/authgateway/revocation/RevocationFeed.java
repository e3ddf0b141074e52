package com.deliveryservice.authgateway.revocation;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps the registry of ended sessions up to date, by notification and, independently of
 * it, by reading through the pool. A lifecycle bean: it subscribes.
 */
class RevocationFeed implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(RevocationFeed.class);

	private static final Duration DEADLINE = Duration.ofSeconds(3);

	private final Database database;

	private final Notifications notifications;

	private final EndedSessionReader reader;

	private final Duration pollEvery;

	private volatile @Nullable Disposable running;

	RevocationFeed(Database database, Notifications notifications, EndedSessionReader reader,
			RevocationSettings settings) {
		this.database = database;
		this.notifications = notifications;
		this.reader = reader;
		this.pollEvery = settings.pollEvery();
	}

	@Override
	public void start() {
		this.running = this.database.ready()
			.thenMany(Flux.merge(this.notifications.listen(), polls()))
			.subscribe((ignored) -> {
			}, (failure) -> logger.error("Ended sessions are no longer followed", failure));
	}

	@Override
	public void stop() {
		Disposable following = this.running;
		if (following != null) {
			following.dispose();
		}
		this.running = null;
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

	private Flux<Void> polls() {
		return Flux.interval(this.pollEvery, this.pollEvery).onBackpressureDrop().concatMap((tick) -> poll(), 0);
	}

	private Mono<Void> poll() {
		return this.database.one((client) -> client.inConnection(this.reader::catchUp))
			.timeout(DEADLINE)
			.doOnError((failure) -> logger.debug("Ended sessions could not be read", failure))
			.onErrorComplete();
	}

}
