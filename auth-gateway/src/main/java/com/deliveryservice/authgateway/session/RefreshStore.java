package com.deliveryservice.authgateway.session;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.session.RefreshTokens.Derivation;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.r2dbc.spi.Readable;

/**
 * The statements behind a refresh. The one that uses a token up decides by the rows it
 * touches; what is asked afterwards can only turn from good to bad, so asking is safe.
 */
@Component
class RefreshStore {

	static final String ROTATE = """
			WITH used AS (
			    UPDATE auth.refresh_token t SET used_at = now(), nonce = :nonce, key_id = :keyId
			    FROM auth.session s
			    WHERE t.digest = :digest AND t.used_at IS NULL AND s.id = t.session_id AND %s AND %s AND NOT %s
			    RETURNING t.session_id),
			renewed AS (
			    UPDATE auth.session s
			    SET last_seen_at = now(), idle_expires_at = least(s.expires_at, now() + s.idle_limit)
			    FROM used WHERE s.id = used.session_id AND s.ended_at IS NULL
			    RETURNING s.*),
			successor AS (
			    INSERT INTO auth.refresh_token (digest, session_id, predecessor)
			    SELECT :successor, s.id, :digest FROM renewed s)
			SELECT %s FROM renewed s
			""".formatted(SessionRows.LIVE, Conditions.RENEWED, Conditions.HURRIED, SessionRows.COLUMNS);

	/**
	 * A used token whose successor is unused, inside the overlap, outages not counted.
	 */
	private static final String REPEATABLE = """
			(t.used_at > now() - make_interval(secs => :overlap) - auth.away_since(t.used_at) AND EXISTS (
			    SELECT 1 FROM auth.refresh_token n WHERE n.predecessor = t.digest AND n.used_at IS NULL))
			""";

	static final String LOOK = """
			SELECT %s, t.nonce, t.key_id, t.used_at IS NOT NULL AS used, s.ended_at IS NOT NULL AS ended,
			    %s AS live, %s AS renewed, %s AS hurried, %s AS repeatable
			FROM auth.refresh_token t JOIN auth.session s ON s.id = t.session_id
			WHERE t.digest = :digest
			""".formatted(SessionRows.COLUMNS, SessionRows.LIVE, Conditions.RENEWED, Conditions.HURRIED, REPEATABLE);

	static final String END_REPLAYED = SessionStore.ending("""
			FROM auth.refresh_token t
			WHERE t.digest = :digest AND s.id = t.session_id AND t.used_at IS NOT NULL AND NOT %s
			""".formatted(REPEATABLE));

	private final SessionAudit audit;

	RefreshStore(SessionAudit audit) {
		this.audit = audit;
	}

	/**
	 * Tells that a successor was given again.
	 */
	Mono<Void> repeated(OpenSession open) {
		return this.audit.repeated(open.session());
	}

	/**
	 * Uses a token up and stores its successor, if it is unused and its session is live.
	 * @return the session with the successor; empty if not
	 */
	Mono<OpenSession> rotate(DatabaseClient client, RefreshToken token, Conditions conditions, Derivation derivation,
			RefreshToken successor) {
		return conditions.bind(client.sql(ROTATE))
			.bind("digest", RefreshTokens.digestOf(token))
			.bind("nonce", derivation.nonce())
			.bind("keyId", derivation.keyId())
			.bind("successor", RefreshTokens.digestOf(successor))
			.map((row) -> SessionRows.openSession(row, successor))
			.one();
	}

	/**
	 * What is known of a token that could not be used up; empty if nothing is.
	 */
	Mono<Looked> look(DatabaseClient client, RefreshToken token, Conditions conditions, Duration overlap) {
		return conditions.bind(client.sql(LOOK))
			.bind("digest", RefreshTokens.digestOf(token))
			.bind("overlap", SessionStore.seconds(overlap))
			.map((row) -> looked(row, token))
			.one();
	}

	/**
	 * Ends the session of a token that was used before and may not be repeated.
	 */
	Flux<UUID> endReplayed(DatabaseClient client, RefreshToken token, Duration overlap) {
		return this.audit.ended(client,
				client.sql(END_REPLAYED)
					.bind("digest", RefreshTokens.digestOf(token))
					.bind("overlap", SessionStore.seconds(overlap)),
				EndReason.REPLAY);
	}

	private static Looked looked(Readable row, RefreshToken token) {
		ByteBuffer nonce = row.get("nonce", ByteBuffer.class);
		String keyId = row.get("key_id", String.class);
		return new Looked(SessionRows.openSession(row, token), is(row, "used"), is(row, "ended"), is(row, "live"),
				is(row, "renewed"), is(row, "hurried"), is(row, "repeatable"),
				(nonce != null && keyId != null) ? new Derivation(nonce, keyId) : null);
	}

	private static boolean is(Readable row, String column) {
		return Boolean.TRUE.equals(row.get(column, Boolean.class));
	}

	/**
	 * A token that could not be used up.
	 *
	 * @param session its session, with this very token
	 * @param used whether it was used before
	 * @param ended whether the session was ended
	 * @param live whether the session goes on
	 * @param renewed whether the session token of workflow-auth lasts long enough
	 * @param hurried whether the session was renewed too often just now
	 * @param repeatable whether its successor may be given again
	 * @param derivation of its successor, if it was used
	 */
	record Looked(OpenSession session, boolean used, boolean ended, boolean live, boolean renewed, boolean hurried,
			boolean repeatable, @Nullable Derivation derivation) {

	}

	/**
	 * What a refresh depends on beside the token and its session.
	 *
	 * @param slack how long ago workflow-auth's session token may have ended; negative:
	 * how much longer it has to last
	 * @param perMinute how many refreshes of a session in a minute
	 */
	record Conditions(Duration slack, int perMinute) {

		static final String RENEWED = "s.workflow_token_ends_at > now() - make_interval(secs => :slack)";

		static final String HURRIED = """
				(SELECT count(*) >= :perMinute FROM auth.refresh_token r
				    WHERE r.session_id = s.id AND r.created_at > now() - interval '1 minute'
				    AND r.predecessor IS NOT NULL)""";

		GenericExecuteSpec bind(GenericExecuteSpec statement) {
			return statement.bind("slack", SessionStore.seconds(this.slack)).bind("perMinute", (long) this.perMinute);
		}

	}

}
