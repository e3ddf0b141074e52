package com.deliveryservice.authgateway.staff;

import java.time.Duration;
import java.util.Base64;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.key.Randomness;

import reactor.core.publisher.Mono;

/**
 * The invitation of the first admin, which nobody is there to give: the newest alone is
 * good, once and for an hour, and none is given once there is or was an admin.
 */
@Component
class AdminInvitation {

	/** What the token comes behind, in the log and on a terminal. */
	static final String LINE = "admin invitation: ";

	private static final Duration LIFE = Duration.ofHours(1);

	/** "auth.adm" */
	private static final long LOCK = 0x617574682e61646dL;

	private static final int SECRET_BYTES = 32;

	/** Given already, by an attempt that did not learn of its commit. */
	private static final String GIVEN = """
			SELECT 1 AS given FROM auth.invitation
			WHERE digest = :digest AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
			""";

	/** Nobody is or was one, and nobody else has just given one. */
	private static final String WANTED = """
			SELECT 1 AS wanted
			WHERE NOT EXISTS (SELECT 1 FROM auth.user_account WHERE user_type = 'admin')
			AND NOT EXISTS (SELECT 1 FROM auth.invitation WHERE user_type = 'admin' AND (used_at IS NOT NULL
			    OR (inviter_id IS NULL AND created_at > now() - make_interval(secs => :quiet))))
			""";

	private static final String REVOKE_OLDER = """
			UPDATE auth.invitation SET revoked_at = now()
			WHERE user_type = 'admin' AND inviter_id IS NULL AND used_at IS NULL AND revoked_at IS NULL
			""";

	private final Database database;

	private final StoredInvitations invitations;

	private final AuditTrail trail;

	private final Randomness randomness;

	AdminInvitation(Database database, StoredInvitations invitations, AuditTrail trail, Randomness randomness) {
		this.database = database;
		this.invitations = invitations;
		this.trail = trail;
		this.randomness = randomness;
	}

	/**
	 * A new one. What this returns may be tried again: it is the same invitation then,
	 * since a failed attempt may have given it all the same (a commit that nobody
	 * confirmed).
	 * @param quiet none if another one was given within this time
	 * @return its secret; empty if there is or was an admin
	 */
	Mono<String> give(Duration quiet) {
		String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(this.randomness.nextBytes(SECRET_BYTES));
		return this.database.inTransaction((client) -> lock(client).then(given(client, secret))
			.switchIfEmpty(wanted(client, quiet).flatMap((wanted) -> insert(client, secret)))
			.map((given) -> secret));
	}

	private Mono<Integer> insert(DatabaseClient client, String secret) {
		return client.sql(REVOKE_OLDER)
			.fetch()
			.rowsUpdated()
			.then(this.invitations.insert(client, secret, ManagedUser.ADMIN, null, null, LIFE))
			.flatMap((open) -> this.trail.append(client, event(open)).thenReturn(1));
	}

	private static SecurityEvent event(OpenInvitation open) {
		return SecurityEvent.of(EventType.INVITATION_CREATED)
			.with("invitation_id", open.id())
			.with("user_type", ManagedUser.ADMIN);
	}

	private static Mono<Long> lock(DatabaseClient client) {
		return client.sql("SELECT pg_advisory_xact_lock(:lock)::text").bind("lock", LOCK).fetch().rowsUpdated();
	}

	private static Mono<Integer> given(DatabaseClient client, String secret) {
		return client.sql(GIVEN)
			.bind("digest", StoredInvitations.digest(secret))
			.map((row) -> ManagedUsers.column(row, "given", Integer.class))
			.one();
	}

	private static Mono<Integer> wanted(DatabaseClient client, Duration quiet) {
		return client.sql(WANTED)
			.bind("quiet", (double) quiet.toSeconds())
			.map((row) -> ManagedUsers.column(row, "wanted", Integer.class))
			.one();
	}

}
