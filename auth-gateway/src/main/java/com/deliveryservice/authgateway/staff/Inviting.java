package com.deliveryservice.authgateway.staff;

import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.key.Randomness;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.staff.InvitationsController.Given;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gives invitations and takes them back.
 */
@Component
class Inviting {

	/** Of one inviter: what becomes void together with it has to fit a transaction. */
	static final int MOST_OPEN = 1000;

	private static final int SECRET_BYTES = 32;

	private final Database database;

	private final StoredInvitations invitations;

	private final ManagedUsers users;

	private final AuditTrail trail;

	private final Randomness randomness;

	Inviting(Database database, StoredInvitations invitations, ManagedUsers users, AuditTrail trail,
			Randomness randomness) {
		this.users = users;
		this.randomness = randomness;
		this.database = database;
		this.invitations = invitations;
		this.trail = trail;
	}

	/**
	 * A new invitation, with its secret; fails with 429 {@code too-many-requests} if too
	 * many of the caller's are open.
	 */
	Mono<Given> invite(Caller caller, String userType, @Nullable String email) {
		String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(this.randomness.nextBytes(SECRET_BYTES));
		return this.database.inTransaction((client) -> this.users.requireAlone(client, caller)
			.then(requireRoom(client, caller))
			.then(Mono
				.defer(() -> this.invitations.insert(client, secret, userType, email, caller.userId(), Given.LIFE)))
			.delayUntil((open) -> this.trail.append(client,
					SecurityEvent.of(EventType.INVITATION_CREATED)
						.with("invitation_id", open.id())
						.with("user_type", userType)))
			.map((open) -> new Given(open.id(), secret, open.userType(), open.email(), open.expiresAt())));
	}

	private Mono<Void> requireRoom(DatabaseClient client, Caller caller) {
		return Mono.defer(() -> this.invitations.full(client, caller.userId(), MOST_OPEN))
			.flatMap((wait) -> this.trail.note(SecurityEvent.of(EventType.THROTTLED).with("limit", "invitations"))
				.then(Mono.error(() -> tooMany(wait))));
	}

	private static ProblemException tooMany(Duration wait) {
		return Problem.of(ProblemCode.TOO_MANY_REQUESTS)
			.withDetail("There are " + MOST_OPEN + " open invitations of this inviter.")
			.withRetryAfter(wait)
			.asException();
	}

	/**
	 * The open ones of these types.
	 * @param giving see {@link StaffAccess#giving}
	 */
	Flux<OpenInvitation> open(Set<String> types, Set<String> giving) {
		return types.isEmpty() ? Flux.empty() : this.invitations.open(types, giving);
	}

	/**
	 * Makes one void, if there is one.
	 * @param id its id, or {@code null} for what cannot be one
	 * @param types of invitations that the caller gives; fails with 403
	 * {@code not-allowed} for another
	 */
	Mono<Void> revoke(Caller caller, @Nullable UUID id, Set<String> types) {
		return this.database
			.inTransaction((client) -> this.users.require(client, caller)
				.then(Mono.justOrEmpty(id))
				.flatMap((known) -> revoke(client, known, types)))
			.then();
	}

	private Mono<UUID> revoke(DatabaseClient client, UUID id, Set<String> types) {
		return this.invitations.userType(client, id)
			.flatMap((type) -> types.contains(type) ? this.invitations.revoke(client, id)
					: Mono.error(StaffAccess.notAllowed("Users of this type are invited by others.")))
			.delayUntil((revoked) -> this.trail.append(client,
					SecurityEvent.of(EventType.INVITATION_REVOKED).with("invitation_id", revoked)));
	}

}
