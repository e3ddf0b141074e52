package com.deliveryservice.authgateway.directory;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.function.BiFunction;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.directory.ResetState.Closed;
import com.deliveryservice.authgateway.key.DerivedKeys;

/**
 * {@code auth.password_reset}. Each change is one conditional statement or one
 * transaction on the database's clock, and the same for a login that nobody has.
 */
@Component
public class PasswordResets {

	private static final String ALGORITHM = "HmacSHA256";

	/** One at a time for one login: the later sees the earlier. */
	private static final String ONE_AT_A_TIME = """
			SELECT pg_advisory_xact_lock(hashtextextended(encode(:login, 'hex'), 1))::text AS locked
			""";

	private static final String OVERRIDE_OLDER = """
			UPDATE auth.password_reset SET state = 'closed', closed_reason = CASE
			    WHEN code_expires_at > clock_timestamp() THEN 'overridden' ELSE 'expired' END, closed_at = now()
			WHERE state = 'open' AND (login_hash = :login OR user_id = :user)
			""";

	private static final String BEGIN = """
			INSERT INTO auth.password_reset (id, user_id, login_hash, code_hash, code_key_id, code_expires_at,
			  attempts_allowed)
			VALUES (:id, :user, :login, :hash, :key, now() + make_interval(secs => :lifetime), :attempts)
			RETURNING code_expires_at
			""";

	/**
	 * Counts and compares in one statement: a row that several wait for is read anew by
	 * each, so no more codes are compared than are allowed.
	 */
	private static final String GUESS = """
			UPDATE auth.password_reset SET
			  code_right_at = CASE WHEN code_hash = :hash THEN now() ELSE code_right_at END,
			  attempts = attempts + CASE WHEN code_hash = :hash THEN 0 ELSE 1 END,
			  state = CASE WHEN code_hash = :hash OR attempts + 1 < attempts_allowed THEN state ELSE 'closed' END,
			  closed_reason = CASE WHEN code_hash = :hash OR attempts + 1 < attempts_allowed THEN NULL
			    ELSE 'too-many-attempts' END,
			  closed_at = CASE WHEN code_hash = :hash OR attempts + 1 < attempts_allowed THEN NULL ELSE now() END
			WHERE id = :id AND state = 'open' AND code_expires_at > clock_timestamp()
			RETURNING code_hash = :hash AS is_right, attempts, attempts_allowed, user_id
			""";

	/** A code that was right in its time stays so while the new password is hashed. */
	private static final String COMPLETE = """
			UPDATE auth.password_reset SET state = 'completed', closed_at = now()
			WHERE id = :id AND state = 'open' AND user_id IS NOT NULL AND code_hash = :hash
			  AND code_right_at > now() - interval '1 minute'
			RETURNING user_id
			""";

	/**
	 * The answer of a success may have been lost with the acknowledgement of its commit.
	 * Nobody else is told while it may still come. A password is guessed at here as well,
	 * so the right code counts, too.
	 */
	private static final String REPEAT = """
			UPDATE auth.password_reset SET attempts = attempts + 1
			WHERE id = :id AND state = 'completed' AND answered_at IS NULL AND attempts < attempts_allowed
			  AND closed_at BETWEEN now() - interval '10 minutes' AND now() - interval '1 second'
			RETURNING code_hash = :hash AS is_right, user_id
			""";

	private static final String ANSWERED = """
			UPDATE auth.password_reset SET answered_at = now()
			WHERE id = :id AND state = 'completed' AND answered_at IS NULL
			""";

	private static final String STATE = """
			SELECT state, closed_reason FROM auth.password_reset WHERE id = :id
			""";

	private static final String FORGET = """
			DELETE FROM auth.password_reset WHERE id IN (SELECT id FROM auth.password_reset
			  WHERE created_at < now() - interval '30 days' ORDER BY created_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
			""";

	private final Database database;

	private final SecretKeySpec loginKey;

	PasswordResets(Database database, DerivedKeys keys) {
		this.database = database;
		byte[] key = keys.find(keys.currentId(), "password reset logins");
		if (key == null) {
			throw new IllegalStateException("no key");
		}
		this.loginKey = new SecretKeySpec(key, ALGORITHM);
	}

	/**
	 * Begins a reset, and overrides an older one of the same login.
	 * @param reset whose, or nobody's
	 * @param along done in the same transaction, with the end of the code's life
	 * @return when the code expires
	 */
	public Mono<Instant> begin(NewReset reset, BiFunction<DatabaseClient, Instant, Mono<Void>> along) {
		byte[] login = hash(reset.login());
		return this.database.inTransaction((client) -> client.sql(ONE_AT_A_TIME)
			.bind("login", login)
			.then()
			.then(client.sql(OVERRIDE_OLDER)
				.bind("login", login)
				.bind("user", Parameters.in(PostgresqlObjectId.UUID, reset.userId()))
				.then())
			.then(insert(client, reset, login))
			.delayUntil((expiresAt) -> along.apply(client, expiresAt)));
	}

	/**
	 * With which key the code of a reset was hashed; empty if there is no such reset.
	 */
	public Mono<String> codeKeyId(UUID id) {
		return this.database.one((client) -> client.sql("SELECT code_key_id FROM auth.password_reset WHERE id = :id")
			.bind("id", id)
			.map((row) -> StoredUsers.column(row, "code_key_id", String.class))
			.one());
	}

	/**
	 * Compares a code, and counts it if it is wrong. Of a completed reset the right one
	 * counts for ten minutes, as long as nobody is known to have been told
	 * ({@link #answered}); there each is counted, with the wrong ones before, and a wrong
	 * one does not show.
	 * @param hash of the code that came
	 * @return empty if there is no such reset
	 */
	public Mono<ResetState> guess(UUID id, byte[] hash) {
		return this.database
			.one((client) -> client.sql(GUESS).bind("id", id).bind("hash", hash).map(ResetRows::guessed).one())
			.switchIfEmpty(Mono.defer(() -> repeat(id, hash)))
			.switchIfEmpty(Mono.defer(() -> state(id).cast(ResetState.class)));
	}

	/**
	 * Uses the reset up, once.
	 * @param client of the transaction that changes the password
	 * @param hash of the code that was right just now
	 * @return whose password; empty if it is closed meanwhile
	 */
	public Mono<UUID> complete(DatabaseClient client, UUID id, byte[] hash) {
		return client.sql(COMPLETE)
			.bind("id", id)
			.bind("hash", hash)
			.map((row) -> StoredUsers.column(row, "user_id", UUID.class))
			.one();
	}

	/**
	 * Whoever completed it is about to be told: from now on no code is right any more. If
	 * that cannot be noted, it may be told once more.
	 */
	public Mono<Void> answered(UUID id) {
		return this.database.one((client) -> client.sql(ANSWERED).bind("id", id).then())
			.onErrorComplete(DatabaseUnavailableException.class);
	}

	/**
	 * Why no code helps any more; empty if there is no such reset.
	 */
	public Mono<Closed> state(UUID id) {
		return this.database.one((client) -> client.sql(STATE).bind("id", id).map(ResetRows::closed).one());
	}

	/**
	 * Deletes what is older than 30 days, at most 1,000.
	 */
	public Mono<Void> forget() {
		return this.database.one((client) -> client.sql(FORGET).then());
	}

	private Mono<ResetState> repeat(UUID id, byte[] hash) {
		return this.database
			.one((client) -> client.sql(REPEAT).bind("id", id).bind("hash", hash).map(ResetRows::repeated).one());
	}

	private static Mono<Instant> insert(DatabaseClient client, NewReset reset, byte[] login) {
		return client.sql(BEGIN)
			.bind("id", reset.id())
			.bind("user", Parameters.in(PostgresqlObjectId.UUID, reset.userId()))
			.bind("login", login)
			.bind("hash", reset.code().hash())
			.bind("key", reset.code().keyId())
			.bind("lifetime", reset.lifetime().toMillis() / 1000.0)
			.bind("attempts", reset.attempts())
			.map((row) -> StoredUsers.column(row, "code_expires_at", OffsetDateTime.class).toInstant())
			.one();
	}

	private byte[] hash(String login) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.loginKey);
			return mac.doFinal(login.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException | InvalidKeyException ex) {
			throw new IllegalStateException(ALGORITHM, ex);
		}
	}

}
