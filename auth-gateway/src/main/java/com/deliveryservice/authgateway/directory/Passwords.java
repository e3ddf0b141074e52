package com.deliveryservice.authgateway.directory;

import java.util.UUID;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Changes passwords of users who know the current one.
 */
@Component
public class Passwords {

	private final StoredUsers users;

	private final PasswordHashing hashing;

	Passwords(StoredUsers users, PasswordHashing hashing) {
		this.users = users;
		this.hashing = hashing;
	}

	/**
	 * Checks the current password and hashes the new one.
	 * @param userId an active user's
	 * @param current in clear, as the person gave it
	 * @param replacement in clear, one that may be a password
	 * @return the change, not made yet; empty if the current password is wrong or there
	 * is no such user; fails with {@link HashingOverloadedException} or
	 * {@link com.deliveryservice.authgateway.database.DatabaseUnavailableException}
	 */
	public Mono<Change> prepare(UUID userId, CharSequence current, CharSequence replacement) {
		return this.users.activeHash(userId)
			.filterWhen((hash) -> this.hashing.matches(current, hash))
			.flatMap((hash) -> this.hashing.hash(replacement).map((changed) -> new Change(userId, hash, changed)));
	}

	/**
	 * A checked change. Never prints itself.
	 */
	public static final class Change {

		private final UUID userId;

		private final String oldHash;

		private final String newHash;

		private Change(UUID userId, String oldHash, String newHash) {
			this.userId = userId;
			this.oldHash = oldHash;
			this.newHash = newHash;
		}

		/**
		 * Makes the change, unless another one was made since it was checked: of two at
		 * once, one wins.
		 * @return the user's id; empty if nothing was changed
		 */
		public Mono<UUID> apply(DatabaseClient client) {
			return client.sql("""
					UPDATE auth.user_account SET password_hash = :new
					WHERE id = :id AND password_hash = :old AND status = 'active' RETURNING id
					""")
				.bind("new", this.newHash)
				.bind("id", this.userId)
				.bind("old", this.oldHash)
				.map((row) -> StoredUsers.column(row, "id", UUID.class))
				.one();
		}

		@Override
		public String toString() {
			return "Change[" + this.userId + "]";
		}

	}

}
