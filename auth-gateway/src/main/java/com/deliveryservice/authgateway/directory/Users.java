package com.deliveryservice.authgateway.directory;

import java.util.UUID;

import reactor.core.publisher.Mono;

/**
 * The users that the auth backend stores: only verified ones, never a password.
 */
public interface Users {

	/**
	 * The user of this id.
	 * @return empty if there is none; fails with
	 * {@link com.deliveryservice.authgateway.database.DatabaseUnavailableException}
	 */
	Mono<User> find(UUID id);

	/**
	 * Notes a good sign-in ({@code last_sign_in_at}, database clock).
	 */
	Mono<Void> signedIn(UUID id);

}
