package com.deliveryservice.authgateway.directory;

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.directory.StoredUsers.WithHash;
import com.deliveryservice.authgateway.problem.ProblemException;

/**
 * Checks a login and a password. Unknown, wrong, pending and suspended take the same work
 * and give the same answer: exactly one hash is computed, and the status is looked at
 * after it.
 */
@Component
class Credentials {

	private static final Logger logger = LoggerFactory.getLogger(Credentials.class);

	private final StoredUsers users;

	private final PasswordHashing hashing;

	Credentials(StoredUsers users, PasswordHashing hashing) {
		this.users = users;
		this.hashing = hashing;
	}

	/**
	 * Checks them.
	 * @param login as it came, or {@code null}
	 * @param password in clear, or {@code null}
	 * @return the user; empty if they do not belong together or the user is suspended;
	 * fails with {@link HashingOverloadedException} or
	 * {@link com.deliveryservice.authgateway.database.DatabaseUnavailableException}
	 */
	Mono<User> verify(@Nullable String login, @Nullable String password) {
		String compared = (password != null) ? password : "";
		return find(Login.parse(login)).map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.flatMap((found) -> compare(found, compared));
	}

	private Mono<WithHash> find(@Nullable Login login) {
		return (login != null) ? this.users.find(login) : Mono.empty();
	}

	private Mono<User> compare(Optional<WithHash> found, String password) {
		String hash = found.map(WithHash::hash).orElse(null);
		return this.hashing.matches(password, hash)
			.filter((matches) -> matches)
			.flatMap((matches) -> Mono.justOrEmpty(found))
			.filter((known) -> known.user().status() == User.Status.ACTIVE)
			.flatMap((known) -> upgraded(known, password).thenReturn(known.user()));
	}

	/**
	 * A hash of weaker parameters is replaced while the password is at hand. The sign-in
	 * does not depend on it.
	 */
	private Mono<Void> upgraded(WithHash known, String password) {
		if (!this.hashing.isOutdated(known.hash())) {
			return Mono.empty();
		}
		return this.hashing.hash(password)
			.flatMap((hash) -> this.users.rehash(known.user().id(), known.hash(), hash))
			.onErrorResume(ProblemException.class, (ex) -> {
				logger.warn("A password hash of user {} stays as weak as it is: {}", known.user().id(),
						ex.getMessage());
				return Mono.empty();
			});
	}

}
