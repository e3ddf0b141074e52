package com.deliveryservice.authgateway.account;

import java.time.Duration;
import java.util.UUID;

import com.deliveryservice.authgateway.directory.Users;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Notes good sign-ins behind the answers' back: nobody waits for it, and what does not
 * fit or fails is left out, since the next sign-in notes the same again.
 */
@Component
class SignInNotes implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(SignInNotes.class);

	private static final int WAITING = 1024;

	private static final int AT_ONCE = 2;

	private static final Duration DEADLINE = Duration.ofSeconds(2);

	private final Users users;

	/** Takes another subscriber after a stop and a start. */
	private final Sinks.Many<UUID> signedIn = Sinks.many().multicast().onBackpressureBuffer(WAITING, false);

	private volatile @Nullable Disposable running;

	SignInNotes(Users users) {
		this.users = users;
	}

	/**
	 * Has it noted that this user signed in; returns at once.
	 */
	void signedIn(UUID userId) {
		synchronized (this.signedIn) {
			if (this.signedIn.tryEmitNext(userId).isFailure()) {
				logger.debug("A sign-in is not noted: too many wait");
			}
		}
	}

	@Override
	public void start() {
		this.running = this.signedIn.asFlux().flatMap(this::note, AT_ONCE).subscribe();
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

	private Mono<Void> note(UUID userId) {
		return this.users.signedIn(userId).timeout(DEADLINE).onErrorResume((failure) -> {
			logger.debug("A sign-in is not noted: {}", failure.toString());
			return Mono.empty();
		});
	}

}
