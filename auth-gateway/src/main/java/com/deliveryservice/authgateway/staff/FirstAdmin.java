package com.deliveryservice.authgateway.staff;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.DatabaseUnavailableException;

import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * As long as there never was an admin, a start logs an invitation for one; of replicas
 * that start together one does. A lifecycle bean: it subscribes.
 */
@Component
class FirstAdmin implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(FirstAdmin.class);

	private static final Duration RETRY = Duration.ofSeconds(2);

	/** For how long a replica keeps quiet after another one. */
	private static final Duration TOGETHER = Duration.ofSeconds(30);

	private final Database database;

	private final AdminInvitation invitation;

	private volatile @Nullable Disposable running;

	FirstAdmin(Database database, AdminInvitation invitation) {
		this.database = database;
		this.invitation = invitation;
	}

	@Override
	public void start() {
		this.running = this.database.ready()
			.then(Mono.defer(this::given))
			.retryWhen(
					Retry.fixedDelay(Long.MAX_VALUE, RETRY).filter(DataIntegrityViolationException.class::isInstance))
			.subscribe((secret) -> logger.info("{}{}", AdminInvitation.LINE, secret),
					(failure) -> logger.error("No admin could be invited", failure));
	}

	/** One that was given, and is void by the time that its commit is known, stays so. */
	private Mono<String> given() {
		return this.invitation.give(TOGETHER)
			.retryWhen(Retry.fixedDelay(Long.MAX_VALUE, RETRY).filter(DatabaseUnavailableException.class::isInstance));
	}

	@Override
	public void stop() {
		Disposable inviting = this.running;
		if (inviting != null) {
			inviting.dispose();
		}
		this.running = null;
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

}
