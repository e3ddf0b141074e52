package com.deliveryservice.authgateway.notifier;

import java.time.Instant;

import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * The company's notification service, as whoever has something to tell sees it.
 */
public interface Notifier {

	/**
	 * Whether there is one; without, nothing can be promised.
	 */
	boolean isConfigured();

	/**
	 * Promises to tell somebody something: kept from the commit on, whatever restarts or
	 * is away meanwhile, at least once, until it has expired.
	 * @param client of {@link com.deliveryservice.authgateway.database.Database}'s
	 * {@code inTransaction}
	 * @param notification what to tell, or {@link Notification#DECOY}
	 * @param until when it is of no use any more, on the database's clock
	 * @return completes when it is part of the transaction; fails outside of one, and if
	 * there is no notifier
	 */
	Mono<Void> promise(DatabaseClient client, Notification notification, Instant until);

}
