package com.deliveryservice.authgateway.directory;

import java.util.UUID;

import io.r2dbc.spi.Readable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;

/**
 * What becomes of sign-ups without anybody asking: they expire, workflow-auth is told how
 * they ended, and what they know about a person is forgotten. Any replica may do any of
 * it; a row is one replica's.
 */
@Component
public class SignUpClosings {

	/** One whose right code has just come may still become a user. */
	private static final String EXPIRE = """
			UPDATE auth.sign_up SET state = 'closed', closed_reason = 'expired', closed_at = now(),
			  closing_code = 'Timeout', tell_after = now()
			WHERE id IN (SELECT id FROM auth.sign_up WHERE state = 'pending' AND user_id IS NULL
			  AND code_expires_at <= now() AND (code_right_at IS NULL OR code_right_at < now() - interval '1 minute')
			  ORDER BY code_expires_at LIMIT 100 FOR UPDATE SKIP LOCKED)
			""";

	/**
	 * Claimed for half a minute: if the answer never comes, it is told once more then.
	 * Not told is what would close a newer sign-up to which workflow-auth gave the same
	 * guid.
	 */
	private static final String CLAIM = """
			UPDATE auth.sign_up SET tell_attempts = tell_attempts + 1, tell_after = now() + interval '30 seconds'
			WHERE id IN (SELECT s.id FROM auth.sign_up AS s
			  WHERE s.closing_code IS NOT NULL AND s.told_at IS NULL AND s.tell_after <= now()
			    AND s.closed_at > now() - interval '1 day'
			    AND NOT EXISTS (SELECT 1 FROM auth.sign_up AS newer
			      WHERE lower(newer.sign_up_guid) = lower(s.sign_up_guid) AND newer.state = 'pending')
			  ORDER BY s.tell_after LIMIT :most FOR UPDATE SKIP LOCKED)
			RETURNING id, sign_up_guid, attempts, closing_code
			""";

	/** 2, 4, 8 … seconds, at most ten minutes. */
	private static final String UNTOLD = """
			UPDATE auth.sign_up
			SET tell_after = now() + least(interval '10 minutes', interval '1 second' * power(2, least(tell_attempts, 20)))
			WHERE id = :id AND told_at IS NULL
			""";

	private static final String FORGET_PASSWORDS = """
			UPDATE auth.pending_user SET password_hash = NULL WHERE guid IN (
			  SELECT p.guid FROM auth.pending_user AS p JOIN auth.sign_up AS s ON s.id = p.sign_up_id
			  WHERE p.password_hash IS NOT NULL AND s.state IN ('closed', 'failed')
			  LIMIT 500 FOR UPDATE OF p SKIP LOCKED)
			""";

	private static final String DELETE_UNASKED = """
			DELETE FROM auth.pending_user WHERE guid IN (SELECT guid FROM auth.pending_user
			  WHERE sign_up_id IS NULL AND created_at < now() - interval '1 day'
			  ORDER BY created_at LIMIT 500 FOR UPDATE SKIP LOCKED)
			""";

	private static final String DELETE_UNFINISHED = """
			DELETE FROM auth.sign_up WHERE id IN (SELECT id FROM auth.sign_up
			  WHERE state IN ('starting', 'failed') AND created_at < now() - interval '1 day'
			  ORDER BY created_at LIMIT 500 FOR UPDATE SKIP LOCKED)
			""";

	/** That and why it was closed stays, so that its id never gets another answer. */
	private static final String FORGET_PEOPLE = """
			UPDATE auth.sign_up SET login = '', login_normalized = '', contact = '', email = NULL, phone_number = NULL,
			  invitation_id = NULL
			WHERE id IN (SELECT id FROM auth.sign_up WHERE state NOT IN ('starting', 'failed') AND login <> ''
			  AND created_at < now() - interval '30 days' ORDER BY created_at LIMIT 500 FOR UPDATE SKIP LOCKED)
			""";

	private final Database database;

	SignUpClosings(Database database) {
		this.database = database;
	}

	/**
	 * Closes sign-ups whose code has expired, at most 100.
	 * @return how many
	 */
	public Mono<Long> expire() {
		return changed(EXPIRE);
	}

	/**
	 * Takes sign-ups of which workflow-auth has yet to be told.
	 * @param most how many
	 */
	public Flux<Closing> claim(int most) {
		return this.database.many((client) -> client.sql(CLAIM).bind("most", most).map(SignUpClosings::closing).all());
	}

	/**
	 * workflow-auth has been told.
	 */
	public Mono<Void> told(UUID id) {
		return this.database.one(
				(client) -> client.sql("UPDATE auth.sign_up SET told_at = now() WHERE id = :id").bind("id", id).then());
	}

	/**
	 * workflow-auth could not be told, and will be later, for a day.
	 */
	public Mono<Void> untold(UUID id) {
		return this.database.one((client) -> client.sql(UNTOLD).bind("id", id).then());
	}

	/**
	 * Forgets passwords, unfinished sign-ups after a day and whom a closed one was about
	 * after a month; of each at most 500, and each although another one failed.
	 */
	public Mono<Void> forget() {
		return Flux.just(FORGET_PASSWORDS, DELETE_UNASKED, DELETE_UNFINISHED, FORGET_PEOPLE)
			.concatMapDelayError(this::changed)
			.then();
	}

	private Mono<Long> changed(String sql) {
		return this.database.one((client) -> client.sql(sql).fetch().rowsUpdated());
	}

	private static Closing closing(Readable row) {
		return new Closing(StoredUsers.column(row, "id", UUID.class),
				StoredUsers.column(row, "sign_up_guid", String.class),
				StoredUsers.column(row, "attempts", Integer.class),
				StoredUsers.column(row, "closing_code", String.class));
	}

	/**
	 * A sign-up that was closed.
	 *
	 * @param id its own id
	 * @param signUpGuid workflow-auth's
	 * @param tries how many codes came
	 * @param closingCode how it ended, in workflow-auth's words
	 */
	public record Closing(UUID id, String signUpGuid, int tries, String closingCode) {

	}

}
