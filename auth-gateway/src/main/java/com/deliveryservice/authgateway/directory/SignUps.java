package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.function.BiFunction;

import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.directory.SignUpState.Closed;
import com.deliveryservice.authgateway.directory.SignUpState.Completed;
import com.deliveryservice.authgateway.directory.SignUpState.RightCode;
import com.deliveryservice.authgateway.directory.SignUpState.Waiting;
import com.deliveryservice.authgateway.directory.SignUpState.WrongCode;

/**
 * The gateway's own half of a sign-up. Each change is one conditional statement on the
 * database's clock; the other half is {@link PendingUsers}.
 */
@Component
public class SignUps {

	private static final String BEGIN = """
			INSERT INTO auth.sign_up (login, login_normalized, contact_kind, contact, email, phone_number, user_type,
			  invitation_id, attempts_allowed)
			VALUES (:login, :normalized, :kind, :contact, :email, :phone, :type, :invitation, :attempts) RETURNING id
			""";

	/** One at a time for one login and contact: the later sees the earlier. */
	private static final String ONE_AT_A_TIME = """
			SELECT pg_advisory_xact_lock(hashtextextended(
			  login_normalized || ' ' || contact_kind || ' ' || contact, 0))::text AS locked
			FROM auth.sign_up WHERE id = :id
			""";

	/** A guid that workflow-auth uses again must not be closed there. */
	private static final String OVERRIDE_OLDER = """
			UPDATE auth.sign_up AS older SET state = 'closed', closed_reason = 'overridden', closed_at = now(),
			  closing_code = CASE WHEN lower(older.sign_up_guid) <> lower(:guid) THEN 'Overriden' END, tell_after = now()
			FROM auth.sign_up AS newer
			WHERE newer.id = :id AND newer.state = 'starting' AND older.id <> newer.id AND older.state = 'pending'
			  AND older.user_id IS NULL AND older.login_normalized = newer.login_normalized
			  AND older.contact_kind = newer.contact_kind AND older.contact = newer.contact
			""";

	private static final String CODE_SENT = """
			UPDATE auth.sign_up SET state = 'pending', sign_up_guid = :guid, code_hash = :hash, code_key_id = :key,
			  code_expires_at = now() + make_interval(secs => :lifetime)
			WHERE id = :id AND state = 'starting' RETURNING code_expires_at
			""";

	/**
	 * Counts and compares in one statement: a row that several wait for is read anew by
	 * each, so no more codes are compared than are allowed.
	 */
	private static final String GUESS = """
			UPDATE auth.sign_up SET
			  code_right_at = CASE WHEN code_hash = :hash THEN coalesce(code_right_at, now()) ELSE code_right_at END,
			  attempts = attempts + CASE WHEN code_hash = :hash THEN 0 ELSE 1 END,
			  state = CASE WHEN code_hash = :hash OR attempts + 1 < attempts_allowed THEN state ELSE 'closed' END,
			  closed_reason = CASE WHEN code_hash = :hash OR attempts + 1 < attempts_allowed THEN NULL
			    ELSE 'too-many-attempts' END,
			  closed_at = CASE WHEN code_hash = :hash OR attempts + 1 < attempts_allowed THEN NULL ELSE now() END,
			  closing_code = CASE WHEN code_hash = :hash OR attempts + 1 < attempts_allowed OR user_id IS NOT NULL
			    THEN NULL ELSE 'TooManyTries' END,
			  tell_after = now()
			WHERE id = :id AND state = 'pending' AND attempts < attempts_allowed
			  AND (code_expires_at > clock_timestamp() OR user_id IS NOT NULL)
			RETURNING code_hash = :hash AS is_right, attempts, attempts_allowed, sign_up_guid,
			  user_id IS NOT NULL AS user_added
			""";

	private static final String COMPLETE = """
			UPDATE auth.sign_up SET state = 'completed', closed_at = now()
			WHERE id = :id AND state = 'pending' AND user_id IS NOT NULL RETURNING user_id
			""";

	/**
	 * The answer of a success may have been lost with the acknowledgement of its commit.
	 * Nobody else is told while it may still come, and wrong codes count on.
	 */
	private static final String REPEAT = """
			UPDATE auth.sign_up SET attempts = attempts + CASE WHEN code_hash = :hash THEN 0 ELSE 1 END
			WHERE id = :id AND state = 'completed' AND answered_at IS NULL AND attempts < attempts_allowed
			  AND closed_at BETWEEN now() - interval '10 minutes' AND now() - interval '1 second'
			RETURNING code_hash = :hash AS is_right, user_id
			""";

	private static final String ANSWERED = """
			UPDATE auth.sign_up SET answered_at = now() WHERE id = :id AND state = 'completed' AND answered_at IS NULL
			""";

	private static final String STATE = """
			SELECT state, closed_reason, code_expires_at <= clock_timestamp() AND user_id IS NULL AS expired
			FROM auth.sign_up WHERE id = :id AND state NOT IN ('starting', 'failed')
			""";

	private final Database database;

	SignUps(Database database) {
		this.database = database;
	}

	/**
	 * Notes that workflow-auth is about to be asked: the callback finds the user type
	 * here.
	 * @return the sign-up's own id
	 */
	public Mono<UUID> begin(NewSignUp signUp) {
		return this.database.one((client) -> client.sql(BEGIN)
			.bind("login", signUp.login().written())
			.bind("normalized", signUp.login().normalized())
			.bind("kind", signUp.contact().kind().column())
			.bind("contact", signUp.contact().normalized())
			.bind("email", Parameters.in(R2dbcType.VARCHAR, signUp.email()))
			.bind("phone", Parameters.in(R2dbcType.VARCHAR, signUp.phoneNumber()))
			.bind("type", signUp.userType())
			.bind("invitation", Parameters.in(PostgresqlObjectId.UUID, signUp.invitationId()))
			.bind("attempts", signUp.attempts())
			.map((row) -> StoredUsers.column(row, "id", UUID.class))
			.one());
	}

	/**
	 * A code is on its way: from now on it can be verified, and an older pending sign-up
	 * with the same login and contact can not.
	 * @param id as {@link #begin} gave it
	 * @param signUpGuid workflow-auth's id
	 * @param code of the code
	 * @param lifetime of the code
	 * @param along done in the same transaction, with the end of the code's life
	 * @return when the code expires; fails with
	 * {@link org.springframework.dao.DataIntegrityViolationException} if another pending
	 * sign-up has that guid
	 */
	public Mono<Instant> codeSent(UUID id, String signUpGuid, CodeHash code, Duration lifetime,
			BiFunction<DatabaseClient, Instant, Mono<Void>> along) {
		return this.database.inTransaction((client) -> client.sql(ONE_AT_A_TIME)
			.bind("id", id)
			.then()
			.then(client.sql(OVERRIDE_OLDER).bind("id", id).bind("guid", signUpGuid).then())
			.then(sent(client, id, signUpGuid, code, lifetime))
			.delayUntil((expiresAt) -> along.apply(client, expiresAt)));
	}

	/**
	 * No code was sent.
	 */
	public Mono<Void> failed(UUID id) {
		return this.database.one((client) -> client
			.sql("UPDATE auth.sign_up SET state = 'failed', closed_at = now() WHERE id = :id AND state = 'starting'")
			.bind("id", id)
			.then());
	}

	/**
	 * With which key the code of a sign-up was hashed; empty if there is no such sign-up.
	 */
	public Mono<String> codeKeyId(UUID id) {
		return this.database.one((client) -> client
			.sql("SELECT code_key_id FROM auth.sign_up WHERE id = :id AND code_key_id IS NOT NULL")
			.bind("id", id)
			.map((row) -> StoredUsers.column(row, "code_key_id", String.class))
			.one());
	}

	/**
	 * Compares a code, and counts it if it is wrong. Of a completed sign-up the right one
	 * counts for ten minutes, as long as nobody is known to have been told
	 * ({@link #answered}); wrong ones are counted with those before, are as many, and do
	 * not show.
	 * @param id as {@link #begin} gave it
	 * @param hash of the code that came
	 * @return {@link RightCode}, {@link WrongCode}, {@link Completed} or {@link Closed};
	 * empty if there is no such sign-up
	 */
	public Mono<SignUpState> guess(UUID id, byte[] hash) {
		return this.database
			.one((client) -> client.sql(GUESS).bind("id", id).bind("hash", hash).map(SignUpRows::guessed).one())
			.switchIfEmpty(Mono.defer(() -> repeat(id, hash)))
			.switchIfEmpty(Mono.defer(() -> state(id)));
	}

	/**
	 * Completes the sign-up if its user is there.
	 * @param along done in the same transaction for the new user, if it is completed
	 * @return {@link Completed} for exactly one caller, else {@link Closed} or
	 * {@link Waiting}
	 */
	public Mono<SignUpState> settle(UUID id, BiFunction<DatabaseClient, UUID, Mono<Void>> along) {
		return this.database
			.inTransaction((client) -> client.sql(COMPLETE)
				.bind("id", id)
				.map(SignUpRows::completed)
				.one()
				.delayUntil((done) -> along.apply(client, done.userId())))
			.map(SignUpState.class::cast)
			.switchIfEmpty(Mono.defer(() -> state(id)));
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
	 * Where it stands: {@link Closed} or {@link Waiting}; empty if there is no such
	 * sign-up.
	 */
	public Mono<SignUpState> state(UUID id) {
		return this.database.one((client) -> client.sql(STATE).bind("id", id).map(SignUpRows::stateOf).one());
	}

	private Mono<SignUpState> repeat(UUID id, byte[] hash) {
		return this.database
			.one((client) -> client.sql(REPEAT).bind("id", id).bind("hash", hash).map(SignUpRows::repeated).one());
	}

	private static Mono<Instant> sent(DatabaseClient client, UUID id, String signUpGuid, CodeHash code,
			Duration lifetime) {
		return client.sql(CODE_SENT)
			.bind("id", id)
			.bind("guid", signUpGuid)
			.bind("hash", code.hash())
			.bind("key", code.keyId())
			.bind("lifetime", lifetime.toMillis() / 1000.0)
			.map((row) -> StoredUsers.column(row, "code_expires_at", OffsetDateTime.class).toInstant())
			.one();
	}

}
