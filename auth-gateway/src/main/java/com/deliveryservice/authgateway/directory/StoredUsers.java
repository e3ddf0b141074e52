package com.deliveryservice.authgateway.directory;

import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.UUID;

import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;

/**
 * {@code auth.user_account}.
 */
@Component
class StoredUsers implements Users {

	private static final String COLUMNS = "id, login, email, phone_number, user_type, status, created_at";

	/** As the index is. */
	static final String FOREIGN = """
			SELECT password_hash FROM auth.user_account
			WHERE password_hash !~ '^[$]argon2id[$]v=19[$]m=19456,t=2,p=1(,keyid=[0-9a-f]+)?[$][A-Za-z0-9+/]{22,}[$][A-Za-z0-9+/]{43}$'
			AND password_hash <> '-' LIMIT 100
			""";

	private final Database database;

	StoredUsers(Database database) {
		this.database = database;
	}

	@Override
	public Mono<User> find(UUID id) {
		return this.database.one((client) -> client.sql("SELECT " + COLUMNS + " FROM auth.user_account WHERE id = :id")
			.bind("id", id)
			.map(StoredUsers::user)
			.one());
	}

	@Override
	public Mono<Integer> credentialsVersion(String login) {
		return this.database.one((client) -> client
			.sql("SELECT credentials_version FROM auth.user_account WHERE login_normalized = :login")
			.bind("login", login)
			.map((row) -> column(row, "credentials_version", Integer.class))
			.one());
	}

	@Override
	public Mono<Boolean> isUnchanged(DatabaseClient client, User user, int version) {
		return client.sql("""
				SELECT 1 FROM auth.user_account
				WHERE id = :id AND status = 'active' AND user_type = :type AND credentials_version = :version FOR SHARE
				""")
			.bind("id", user.id())
			.bind("type", user.userType())
			.bind("version", version)
			.map((row) -> true)
			.one()
			.defaultIfEmpty(false);
	}

	@Override
	public Mono<Void> signedIn(UUID id) {
		return this.database
			.one((client) -> client.sql("UPDATE auth.user_account SET last_sign_in_at = now() WHERE id = :id")
				.bind("id", id)
				.then());
	}

	/**
	 * The user of a login with its password hash, suspended ones too.
	 */
	Mono<WithHash> find(Login login) {
		return this.database.one((client) -> client
			.sql("SELECT " + COLUMNS + ", password_hash FROM auth.user_account WHERE login_normalized = :login")
			.bind("login", login.normalized())
			.map((row) -> new WithHash(user(row), column(row, "password_hash", String.class)))
			.one());
	}

	/**
	 * The hash of an active user's password.
	 */
	Mono<String> activeHash(UUID id) {
		return this.database.one((client) -> client
			.sql("SELECT password_hash FROM auth.user_account WHERE id = :id AND status = 'active'")
			.bind("id", id)
			.map((row) -> column(row, "password_hash", String.class))
			.one());
	}

	/**
	 * Some of the hashes that are not ours, from other systems or of other parameters.
	 */
	Flux<String> foreignHashes() {
		return this.database
			.many((client) -> client.sql(FOREIGN).map((row) -> column(row, "password_hash", String.class)).all());
	}

	/**
	 * The hash of an active user's password, if this session changed it within the last
	 * ten minutes and is not known to have been told.
	 */
	Mono<String> untoldHash(UUID id, UUID sessionId) {
		return this.database.one((client) -> client.sql("""
				SELECT password_hash FROM auth.user_account WHERE id = :id AND status = 'active'
				  AND untold_session_id = :session AND untold_since > now() - interval '10 minutes'
				""")
			.bind("id", id)
			.bind("session", sessionId)
			.map((row) -> column(row, "password_hash", String.class))
			.one());
	}

	/**
	 * The session is about to be told.
	 */
	Mono<Void> told(UUID id, UUID sessionId) {
		return this.database.one((client) -> client.sql("""
				UPDATE auth.user_account SET untold_session_id = NULL, untold_since = NULL
				WHERE id = :id AND untold_session_id = :session
				""").bind("id", id).bind("session", sessionId).then());
	}

	/**
	 * Replaces a hash unless somebody else did.
	 */
	Mono<Void> rehash(UUID id, String oldHash, String newHash) {
		return this.database.one((client) -> client
			.sql("UPDATE auth.user_account SET password_hash = :new WHERE id = :id AND password_hash = :old")
			.bind("new", newHash)
			.bind("id", id)
			.bind("old", oldHash)
			.then());
	}

	/**
	 * What of these belongs to a verified user already. A contact counts only where it is
	 * the verified one.
	 */
	Mono<Existence> existence(@Nullable Login login, @Nullable Contact email, @Nullable Contact phone) {
		return this.database.one((client) -> client.sql("""
				SELECT EXISTS (SELECT 1 FROM auth.user_account WHERE login_normalized = :login) AS login,
				  EXISTS (SELECT 1 FROM auth.user_account
				    WHERE verified_contact_kind = 'email' AND verified_contact = :email) AS email,
				  EXISTS (SELECT 1 FROM auth.user_account
				    WHERE verified_contact_kind = 'phone' AND verified_contact = :phone) AS phone
				""")
			.bind("login", (login != null) ? login.normalized() : "")
			.bind("email", (email != null) ? email.normalized() : "")
			.bind("phone", (phone != null) ? phone.normalized() : "")
			.map((row) -> new Existence(column(row, "login", Boolean.class), column(row, "email", Boolean.class),
					column(row, "phone", Boolean.class)))
			.one());
	}

	/**
	 * A column that is never NULL.
	 */
	static <T> T column(Readable row, String name, Class<T> type) {
		T value = row.get(name, type);
		if (value == null) {
			throw new IllegalStateException(name + " is NULL");
		}
		return value;
	}

	private static User user(Readable row) {
		return new User(column(row, "id", UUID.class), column(row, "login", String.class),
				row.get("email", String.class), row.get("phone_number", String.class),
				column(row, "user_type", String.class),
				User.Status.valueOf(column(row, "status", String.class).toUpperCase(Locale.ROOT)),
				column(row, "created_at", OffsetDateTime.class).toInstant());
	}

	/**
	 * A user with the hash of the password.
	 *
	 * @param user the user
	 * @param hash never printed
	 */
	record WithHash(User user, String hash) {

		@Override
		public String toString() {
			return "WithHash[" + this.user.id() + "]";
		}

	}

	/**
	 * What exists.
	 *
	 * @param login as a login
	 * @param email as a verified e-mail
	 * @param phone as a verified phone number
	 */
	record Existence(boolean login, boolean email, boolean phone) {

		static final Existence NONE = new Existence(false, false, false);

		boolean any() {
			return this.login || this.email || this.phone;
		}

	}

}
