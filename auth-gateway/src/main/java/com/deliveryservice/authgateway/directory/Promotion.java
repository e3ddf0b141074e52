package com.deliveryservice.authgateway.directory;

import java.util.Locale;
import java.util.UUID;

import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.directory.SignUpState.Reason;

/**
 * Where both halves of a sign-up meet: a pending user becomes a user, but only if the
 * gateway itself saw the right code, and as what the gateway itself noted. Or it is
 * closed.
 */
@Component
class Promotion {

	private static final Logger logger = LoggerFactory.getLogger(Promotion.class);

	/** By the auth backend's guid, or by the one that workflow-auth gave us. */
	private static final String OF_GUID = """
			SELECT sign_up_id FROM auth.pending_user WHERE guid = :uuid AND sign_up_id IS NOT NULL
			UNION SELECT id FROM auth.sign_up WHERE lower(sign_up_guid) = :guid
			""";

	private static final String LOCK = """
			SELECT s.id, s.state, s.user_type, s.user_id, s.invitation_id, s.code_right_at IS NOT NULL AS code_was_right, p.guid
			FROM auth.sign_up AS s
			LEFT JOIN auth.pending_user AS p ON p.sign_up_id = s.id AND p.password_hash IS NOT NULL
			WHERE s.id IN (%s) AND s.state IN ('pending', 'completed')
			ORDER BY s.state = 'pending' DESC, s.created_at DESC LIMIT 1 FOR UPDATE OF s
			"""
		.formatted(OF_GUID);

	private static final String INSERT_USER = """
			INSERT INTO auth.user_account (login, login_normalized, email, phone_number, verified_contact_kind,
			  verified_contact, user_type, password_hash)
			SELECT s.login, s.login_normalized, s.email, s.phone_number, s.contact_kind, s.contact, s.user_type,
			  p.password_hash
			FROM auth.sign_up AS s JOIN auth.pending_user AS p ON p.sign_up_id = s.id
			WHERE s.id = :id AND p.guid = :guid
			ON CONFLICT DO NOTHING RETURNING id
			""";

	private static final String NOTE_USER = """
			WITH used AS (UPDATE auth.pending_user SET password_hash = NULL WHERE sign_up_id = :id)
			UPDATE auth.sign_up SET user_id = :user WHERE id = :id
			""";

	private static final String CLOSE = """
			WITH forgotten AS (UPDATE auth.pending_user SET password_hash = NULL WHERE sign_up_id = :id)
			UPDATE auth.sign_up SET state = 'closed', closed_reason = :reason, closed_at = now() WHERE id = :id
			""";

	private static final String CLOSE_BY_GUID = """
			WITH forgotten AS (UPDATE auth.pending_user SET password_hash = NULL
			  WHERE (guid = :uuid OR sign_up_id IN (%1$s))
			    AND (sign_up_id IS NULL OR sign_up_id IN (SELECT id FROM auth.sign_up WHERE user_id IS NULL))
			  RETURNING guid),
			closed AS (UPDATE auth.sign_up SET state = 'closed', closed_reason = :reason, closed_at = now()
			  WHERE id IN (%1$s) AND state = 'pending' AND user_id IS NULL RETURNING id)
			SELECT (SELECT count(*) FROM forgotten) + (SELECT count(*) FROM closed) AS found
			""".formatted(OF_GUID);

	private final Database database;

	private final Invitations invitations;

	private final AuditTrail trail;

	Promotion(Database database, Invitations invitations, AuditTrail trail) {
		this.database = database;
		this.invitations = invitations;
		this.trail = trail;
	}

	/**
	 * Makes the pending user of this guid a user.
	 * @return whether the user is there now, also if it was before
	 */
	Mono<Boolean> promote(String guid) {
		return this.database.inTransaction((client) -> bound(client.sql(LOCK), guid).map(Promotion::signUp)
			.one()
			.flatMap((signUp) -> decide(client, signUp))
			.defaultIfEmpty(false));
	}

	/**
	 * Closes the pending user of this guid, and the sign-up that it belongs to.
	 * @return whether there was one that is no user
	 */
	Mono<Boolean> close(String guid, Reason reason) {
		return this.database.one((client) -> bound(client.sql(CLOSE_BY_GUID), guid).bind("reason", reason.word())
			.map((row) -> StoredUsers.column(row, "found", Long.class) > 0)
			.one());
	}

	private Mono<Boolean> decide(DatabaseClient client, Found signUp) {
		if (signUp.userId() != null) {
			return Mono.just(true);
		}
		if (!signUp.isPending() || !signUp.codeWasRight() || signUp.pendingUser() == null) {
			logger.warn("Sign-up {} was to succeed without a right code", signUp.id());
			return Mono.just(false);
		}
		if (signUp.invitationId() == null) {
			return add(client, signUp).hasElement();
		}
		return this.invitations.lock(client, signUp.id())
			.flatMap((invitation) -> add(client, signUp)
				.flatMap((user) -> this.invitations.use(client, invitation, user).thenReturn(true))
				.defaultIfEmpty(false))
			.switchIfEmpty(Mono.defer(() -> closed(client, signUp, Reason.NOT_ALLOWED).thenReturn(false)));
	}

	/**
	 * The new user's id; empty if the login or the contact has become somebody else's.
	 */
	private Mono<UUID> add(DatabaseClient client, Found signUp) {
		UUID pendingUser = signUp.pendingUser();
		if (pendingUser == null) {
			return Mono.empty();
		}
		return client.sql(INSERT_USER)
			.bind("id", signUp.id())
			.bind("guid", pendingUser)
			.map((row) -> StoredUsers.column(row, "id", UUID.class))
			.one()
			.flatMap((user) -> noted(client, signUp, user).thenReturn(user))
			.switchIfEmpty(Mono.defer(() -> closed(client, signUp, Reason.USER_EXISTS).then(Mono.empty())));
	}

	private Mono<Void> noted(DatabaseClient client, Found signUp, UUID user) {
		logger.info("Sign-up {} made user {}", signUp.id(), user);
		return client.sql(NOTE_USER)
			.bind("id", signUp.id())
			.bind("user", user)
			.then()
			.then(Mono.defer(() -> this.trail.append(client, created(signUp, user))));
	}

	private static SecurityEvent created(Found signUp, UUID user) {
		SecurityEvent event = SecurityEvent.of(EventType.USER_CREATED)
			.about(user)
			.with("user_type", signUp.userType())
			.with("sign_up_id", signUp.id());
		return (signUp.invitationId() != null) ? event.with("invitation_id", signUp.invitationId()) : event;
	}

	private static Mono<Void> closed(DatabaseClient client, Found signUp, Reason reason) {
		return client.sql(CLOSE).bind("id", signUp.id()).bind("reason", reason.word()).then();
	}

	private static DatabaseClient.GenericExecuteSpec bound(DatabaseClient.GenericExecuteSpec statement, String guid) {
		return statement.bind("guid", guid.toLowerCase(Locale.ROOT))
			.bind("uuid", Parameters.in(PostgresqlObjectId.UUID, PendingUsers.uuid(guid)));
	}

	private static Found signUp(Readable row) {
		return new Found(StoredUsers.column(row, "id", UUID.class), "pending".equals(row.get("state", String.class)),
				StoredUsers.column(row, "user_type", String.class), row.get("user_id", UUID.class),
				row.get("invitation_id", UUID.class), StoredUsers.column(row, "code_was_right", Boolean.class),
				row.get("guid", UUID.class));
	}

	private record Found(UUID id, boolean isPending, String userType, @Nullable UUID userId,
			@Nullable UUID invitationId, boolean codeWasRight, @Nullable UUID pendingUser) {

	}

}
