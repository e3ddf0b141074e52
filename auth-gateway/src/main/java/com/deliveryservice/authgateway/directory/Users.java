package com.deliveryservice.authgateway.directory;

import java.util.UUID;

import org.springframework.r2dbc.core.DatabaseClient;
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
	 * How often what lets somebody sign in was changed: password, status, user type. To
	 * be asked before a password is compared.
	 * @param login a normalised one
	 * @return empty if nobody has it; fails as {@link #find}
	 */
	Mono<Integer> credentialsVersion(String login);

	/**
	 * Whether the user may sign in still, and nothing of that was changed. As long as the
	 * transaction lasts, nothing will be.
	 * @param client of {@link com.deliveryservice.authgateway.database.Database}'s
	 * {@code inTransaction}
	 * @param user as he was found meanwhile
	 * @param version as it was before the password was compared
	 */
	Mono<Boolean> isUnchanged(DatabaseClient client, User user, int version);

	/**
	 * Notes a good sign-in ({@code last_sign_in_at}, database clock).
	 */
	Mono<Void> signedIn(UUID id);

}
