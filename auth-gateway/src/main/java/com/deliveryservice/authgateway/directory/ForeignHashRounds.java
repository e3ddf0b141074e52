package com.deliveryservice.authgateway.directory;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.password.PasswordHash;

/**
 * Finds out at the start, and every minute, how long the hashes of other systems take,
 * also if nobody signs in with them. A lifecycle bean: it subscribes.
 */
@Component
class ForeignHashRounds implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(ForeignHashRounds.class);

	private static final Duration EVERY = Duration.ofMinutes(1);

	private final Database database;

	private final StoredUsers users;

	private final PasswordHashing hashing;

	private volatile @Nullable Disposable running;

	ForeignHashRounds(Database database, StoredUsers users, PasswordHashing hashing) {
		this.database = database;
		this.users = users;
		this.hashing = hashing;
	}

	@Override
	public void start() {
		this.running = this.database.ready()
			.thenMany(Flux.interval(Duration.ZERO, EVERY).onBackpressureDrop())
			.concatMap((tick) -> round().onErrorResume(ForeignHashRounds::later), 1)
			.subscribe((done) -> {
			}, (failure) -> logger.error("Nobody looks any more how long imported hashes take", failure));
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

	/**
	 * One round: computes one of each kind.
	 */
	Mono<Void> round() {
		return this.users.foreignHashes()
			.concatMap((hash) -> Mono.fromCallable(() -> PasswordHash.parse(hash)).onErrorComplete())
			.distinct(PasswordHash::kind)
			.collectList()
			.flatMap(this.hashing::learn);
	}

	private static Mono<Void> later(Throwable failure) {
		logger.debug("How long imported hashes take is found out later", failure);
		return Mono.empty();
	}

}
