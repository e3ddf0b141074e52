package com.deliveryservice.authgateway.notifier;

import java.time.Instant;
import java.util.UUID;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.key.Randomness;

/**
 * Promises by writing a row; delivers later, and at once where nothing is in the way.
 */
final class PromisedNotifications implements Notifier {

	private final NotifierSettings settings;

	private final NotificationStore store;

	private final NotificationSeal seal;

	private final Randomness randomness;

	private final Runnable committed;

	/**
	 * A notifier.
	 * @param committed called after each commit; must not wait
	 */
	PromisedNotifications(NotifierSettings settings, NotificationStore store, NotificationSeal seal,
			Randomness randomness, Runnable committed) {
		this.settings = settings;
		this.store = store;
		this.seal = seal;
		this.randomness = randomness;
		this.committed = committed;
	}

	@Override
	public boolean isConfigured() {
		return this.settings.url() != null;
	}

	@Override
	public Mono<Void> promise(DatabaseClient client, Notification notification, Instant until) {
		if (!isConfigured()) {
			return Mono.error(new IllegalStateException("there is no notifier"));
		}
		return Mono.defer(() -> {
			UUID id = this.randomness.nextUuid();
			return afterCommit()
				.then(this.store.insert(client, id, this.seal.seal(id, NotificationJson.write(notification)), until));
		});
	}

	private Mono<Void> afterCommit() {
		return TransactionSynchronizationManager.forCurrentTransaction()
			.doOnNext((transaction) -> transaction.registerSynchronization(new TransactionSynchronization() {

				@Override
				public Mono<Void> afterCommit() {
					return Mono.fromRunnable(PromisedNotifications.this.committed);
				}

			}))
			.then();
	}

}
