package com.deliveryservice.authgateway.audit;

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;

import reactor.core.publisher.Mono;

/**
 * The trail in PostgreSQL.
 */
@Component
class StoredAuditTrail implements AuditTrail {

	private static final Logger logger = LoggerFactory.getLogger(StoredAuditTrail.class);

	private final Notes notes;

	private final EventStore store;

	StoredAuditTrail(Notes notes, EventStore store) {
		this.notes = notes;
		this.store = store;
	}

	@Override
	public Mono<Void> note(SecurityEvent event) {
		return Origin.current()
			.doOnNext((origin) -> this.notes.take(this.notes.record(event, origin)))
			.then()
			.onErrorResume((failure) -> {
				logger.error("The event {} could not be noted", event.type().code(), failure);
				return Mono.empty();
			});
	}

	@Override
	public Mono<Void> append(DatabaseClient client, SecurityEvent event) {
		return appendAll(client, List.of(event));
	}

	@Override
	public Mono<Void> appendAll(DatabaseClient client, List<SecurityEvent> events) {
		if (events.isEmpty()) {
			return Mono.empty();
		}
		return Origin.current()
			.map((origin) -> events.stream().map((event) -> this.notes.record(event, origin)).toList())
			.flatMap(
					(recorded) -> logAfterCommit(recorded).then(Mono.defer(() -> this.store.insert(client, recorded))));
	}

	/**
	 * What is rolled back did not happen, and is not told.
	 */
	private static Mono<Void> logAfterCommit(List<RecordedEvent> events) {
		return TransactionSynchronizationManager.forCurrentTransaction()
			.doOnNext((transaction) -> transaction.registerSynchronization(new TransactionSynchronization() {

				@Override
				public Mono<Void> afterCommit() {
					return Mono.fromRunnable(() -> events.forEach(EventJson::log));
				}

			}))
			.then();
	}

}
