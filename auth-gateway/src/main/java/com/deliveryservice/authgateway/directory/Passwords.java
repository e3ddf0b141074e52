package com.deliveryservice.authgateway.directory;

import java.util.UUID;

import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;

/**
 * Changes passwords of users who know the current one, or proved their contact.
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
	 * {@link DatabaseUnavailableException}
	 */
	public Mono<Change> prepare(UUID userId, CharSequence current, CharSequence replacement) {
		return this.users.activeHash(userId)
			.filterWhen((hash) -> this.hashing.matches(current, hash))
			.flatMap((hash) -> this.hashing.hash(replacement).map((changed) -> new Change(userId, hash, changed)));
	}

	/**
	 * Hashes a new password for somebody who proved otherwise who it is.
	 * @param userId an active user's
	 * @param replacement in clear, one that may be a password
	 * @return the change, not made yet, whatever the old password is, and if there is
	 * any; fails with {@link HashingOverloadedException}
	 */
	public Mono<Change> prepareReset(UUID userId, CharSequence replacement) {
		return this.hashing.hash(replacement).map((changed) -> new Change(userId, null, changed));
	}

	/**
	 * Whether this is an active user's password.
	 * @param password in clear, as the person gave it
	 * @return {@code false} also if there is no such user; fails as {@link #prepare}
	 */
	public Mono<Boolean> isCurrent(UUID userId, CharSequence password) {
		return this.users.activeHash(userId)
			.flatMap((hash) -> this.hashing.matches(password, hash))
			.defaultIfEmpty(false);
	}

	/**
	 * Whether a session made this very change within the last ten minutes, and is not
	 * known to have been told ({@link #answered}). That looks at the password, so it is a
	 * guess of its own.
	 * @param userId an active user's
	 * @param sessionId as {@link Change#apply} got it
	 * @param replacement in clear, as the person gave it
	 * @return empty if there is no such change, and no password was looked at; fails as
	 * {@link #prepare}
	 */
	public Mono<Boolean> wasMade(UUID userId, UUID sessionId, CharSequence replacement) {
		return this.users.untoldHash(userId, sessionId).flatMap((hash) -> this.hashing.matches(replacement, hash));
	}

	/**
	 * The session that made a change is about to be told. If that cannot be noted, it may
	 * be told once more.
	 */
	public Mono<Void> answered(UUID userId, UUID sessionId) {
		return this.users.told(userId, sessionId).onErrorComplete(DatabaseUnavailableException.class);
	}

	/**
	 * A checked change. Never prints itself.
	 */
	public static final class Change {

		private final UUID userId;

		private final @Nullable String oldHash;

		private final String newHash;

		private Change(UUID userId, @Nullable String oldHash, String newHash) {
			this.userId = userId;
			this.oldHash = oldHash;
			this.newHash = newHash;
		}

		/**
		 * Makes the change, unless the current password was checked and another change
		 * was made since: of two at once, one wins.
		 * @param client of a transaction
		 * @param sessionId the session that is to be told, or {@code null} if it ends
		 * with the change
		 * @return the user's id; empty if nothing was changed
		 */
		public Mono<UUID> apply(DatabaseClient client, @Nullable UUID sessionId) {
			return client.sql("""
					UPDATE auth.user_account SET password_hash = :new, credentials_version = credentials_version + 1,
					  untold_session_id = :session, untold_since = now()
					WHERE id = :id AND (CAST(:old AS text) IS NULL OR password_hash = :old) AND status = 'active'
					RETURNING id
					""")
				.bind("new", this.newHash)
				.bind("session", Parameters.in(PostgresqlObjectId.UUID, sessionId))
				.bind("id", this.userId)
				.bind("old", Parameters.in(R2dbcType.VARCHAR, this.oldHash))
				.map((row) -> StoredUsers.column(row, "id", UUID.class))
				.one();
		}

		@Override
		public String toString() {
			return "Change[" + this.userId + "]";
		}

	}

}
