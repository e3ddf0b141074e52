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

/**
 * Looks from time to time whether a signing key is due. A lifecycle bean: it subscribes.
 */
@Component
class KeyRotating implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(KeyRotating.class);

	private static final Duration EVERY = Duration.ofSeconds(20);

	private final Database database;

	private final KeyRotation rotation;

	private volatile @Nullable Disposable running;

	KeyRotating(Database database, KeyRotation rotation) {
		this.database = database;
		this.rotation = rotation;
	}

	@Override
	public void start() {
		this.running = this.database.ready()
			.thenMany(Flux.interval(EVERY).onBackpressureDrop().concatMap((tick) -> advance(), 0))
			.subscribe((ignored) -> {
			}, (failure) -> logger.error("Signing keys are rotated no more", failure));
	}

	@Override
	public void stop() {
		Disposable rotating = this.running;
		if (rotating != null) {
			rotating.dispose();
		}
		this.running = null;
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

	private Mono<Void> advance() {
		return this.rotation.advance()
			.doOnError((failure) -> logger.debug("Signing keys are looked after later: {}", failure.toString()))
			.onErrorComplete();
	}

}
