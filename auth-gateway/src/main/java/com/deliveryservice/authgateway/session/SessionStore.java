package com.deliveryservice.authgateway.session;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.identity.UserType.SessionLimits;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.r2dbc.spi.Parameters;

/**
 * The statements that open, list and end sessions. Each change is one conditional
 * statement; ending writes the event that tells the other replicas.
 */
@Component
class SessionStore {

	private static final String LOCK_USER = """
			SELECT pg_advisory_xact_lock(hashtextextended(CAST(:userId AS text), 0))::text
			""";

	private static final String OPEN = """
			WITH s AS (
			    INSERT INTO auth.session (id, user_id, user_type, device_name, ip, idle_limit, idle_expires_at,
			        expires_at, workflow_token_digest, workflow_token_ends_at)
			    VALUES (:id, :userId, :userType, :deviceName, :ip, make_interval(secs => :idle),
			        now() + make_interval(secs => :idle), now() + make_interval(secs => :absolute),
			        :workflowToken, :workflowTokenEndsAt)
			    RETURNING *),
			first_token AS (
			    INSERT INTO auth.refresh_token (digest, session_id) SELECT :digest, s.id FROM s)
			SELECT %s FROM s
			""".formatted(SessionRows.COLUMNS);

	static final String LIST = """
			SELECT %s FROM auth.session s WHERE s.user_id = :userId AND %s ORDER BY s.created_at DESC, s.id
			""".formatted(SessionRows.COLUMNS, SessionRows.LIVE);

	static final String RENEWED = """
			UPDATE auth.session SET workflow_token_digest = :digest, workflow_token_ends_at = :endsAt
			WHERE user_id = :userId AND ended_at IS NULL AND (id = :id OR workflow_token_digest = :digest)
			""";

	static final String OF = "SELECT user_id = :userId AS his FROM auth.session WHERE id = :id";

	static final String END = ending("WHERE s.id = :id");

	static final String END_BY_TOKEN = ending("""
			FROM auth.refresh_token t WHERE t.digest = :digest AND s.id = t.session_id""");

	static final String END_ALL = ending("WHERE s.user_id = :userId AND s.id IS DISTINCT FROM :except");

	static final String END_SURPLUS = ending("""
			WHERE s.id IN (SELECT s.id FROM auth.session s WHERE s.user_id = :userId AND %s
			    ORDER BY s.created_at DESC, s.id OFFSET :keep)
			""".formatted(SessionRows.LIVE));

	private final SessionAudit audit;

	SessionStore(SessionAudit audit) {
		this.audit = audit;
	}

	/**
	 * Ends sessions and writes their events, in one statement; its rows are those that it
	 * ended.
	 * @param which a condition on {@code s}, behind an optional {@code FROM}
	 */
	static String ending(String which) {
		return """
				WITH ended AS (
				    UPDATE auth.session s SET ended_at = now(), end_reason = :reason
				    %s AND s.ended_at IS NULL
				    RETURNING s.id, s.user_id, s.device_name),
				event AS (
				    INSERT INTO auth.session_event (session_id, ended_at, reason)
				    SELECT id, now(), :reason FROM ended)
				SELECT id AS session_id, user_id, device_name FROM ended
				""".formatted(which);
	}

	/**
	 * Lets one transaction at a time open sessions of this user.
	 */
	Mono<Void> lock(DatabaseClient client, UUID userId) {
		return client.sql(LOCK_USER).bind("userId", userId).fetch().rowsUpdated().then();
	}

	Mono<OpenSession> insert(DatabaseClient client, UUID id, NewSession session, SessionLimits limits,
			RefreshToken token) {
		return client.sql(OPEN)
			.bind("id", id)
			.bind("userId", session.userId())
			.bind("userType", session.userType())
			.bind("deviceName", nullable(session.deviceName(), String.class))
			.bind("ip", session.ip())
			.bind("idle", seconds(limits.idle()))
			.bind("absolute", seconds(limits.absolute()))
			.bind("workflowToken", RefreshTokens.digestOf(session.workflowTokenGuid()))
			.bind("workflowTokenEndsAt", session.workflowTokenEndsAt())
			.bind("digest", RefreshTokens.digestOf(token))
			.map((row) -> SessionRows.openSession(row, token))
			.one()
			.delayUntil((open) -> this.audit.opened(client, open));
	}

	Flux<Session> findLive(DatabaseClient client, UUID userId) {
		return client.sql(LIST).bind("userId", userId).map(SessionRows::session).all();
	}

	/**
	 * Whether this is, or was, a session of this user.
	 */
	Mono<Boolean> isOf(DatabaseClient client, UUID userId, UUID id) {
		return client.sql(OF)
			.bind("userId", userId)
			.bind("id", id)
			.map((row) -> Boolean.TRUE.equals(row.get("his", Boolean.class)))
			.one()
			.defaultIfEmpty(false);
	}

	/**
	 * Stores the end of a session token in every session that it is behind.
	 */
	Mono<Void> renewed(DatabaseClient client, RefreshResult.RenewalDue due, UUID workflowTokenGuid, Instant endsAt) {
		return client.sql(RENEWED)
			.bind("digest", RefreshTokens.digestOf(workflowTokenGuid))
			.bind("endsAt", endsAt)
			.bind("userId", due.userId())
			.bind("id", due.sessionId())
			.fetch()
			.rowsUpdated()
			.then();
	}

	Flux<UUID> end(DatabaseClient client, UUID id, EndReason reason) {
		return this.audit.ended(client, client.sql(END).bind("id", id), reason);
	}

	Flux<UUID> end(DatabaseClient client, RefreshToken token, EndReason reason) {
		return this.audit.ended(client, client.sql(END_BY_TOKEN).bind("digest", RefreshTokens.digestOf(token)), reason);
	}

	Flux<UUID> endAll(DatabaseClient client, UUID userId, @Nullable UUID except, EndReason reason) {
		return this.audit.ended(client,
				client.sql(END_ALL).bind("userId", userId).bind("except", nullable(except, UUID.class)), reason);
	}

	/**
	 * Ends the oldest live sessions of a user.
	 * @param keep how many may stay
	 */
	Flux<UUID> endSurplus(DatabaseClient client, UUID userId, int keep) {
		return this.audit.ended(client, client.sql(END_SURPLUS).bind("userId", userId).bind("keep", keep),
				EndReason.REPLACED);
	}

	static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

	private static <T> Object nullable(@Nullable T value, Class<T> type) {
		return (value != null) ? Parameters.in(value) : Parameters.in(type);
	}

}
