package com.deliveryservice.authgateway.audit;

import java.util.List;

import org.springframework.r2dbc.core.DatabaseClient;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Where security events are told. Both ways write a line to the log {@code audit} and a
 * row to {@code auth.audit_event}; both take the request's id, the client's address and
 * who is signed in from the Reactor context, so that they have to be part of the
 * request's chain ({@code then}, {@code flatMap}, {@code delayUntil}).
 */
public interface AuditTrail {

	/**
	 * For what changes nothing and may come in floods, such as a failed sign-in: it is
	 * kept in memory and written soon, off the request path. What does not fit while the
	 * database is away is counted and dropped; its log line is there all the same.
	 * @param event what happened
	 * @return completes at once; never fails
	 */
	Mono<Void> note(SecurityEvent event);

	/**
	 * For a change of state: the event is committed together with it, or neither is.
	 * @param client of {@link com.deliveryservice.authgateway.database.Database}'s
	 * {@code inTransaction}
	 * @param event what happened
	 * @return completes when it is part of the transaction; fails outside of one
	 */
	Mono<Void> append(DatabaseClient client, SecurityEvent event);

	/**
	 * As {@link #append}, for many at once.
	 * @param client of a transaction
	 * @param events what happened, in this order
	 * @return completes when they are part of the transaction; fails outside of one
	 */
	default Mono<Void> appendAll(DatabaseClient client, List<SecurityEvent> events) {
		return Flux.fromIterable(events).concatMap((event) -> append(client, event)).then();
	}

}
