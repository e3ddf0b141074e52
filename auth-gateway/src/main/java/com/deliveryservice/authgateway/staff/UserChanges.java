package com.deliveryservice.authgateway.staff;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.session.EndReason;
import com.deliveryservice.authgateway.session.Sessions;

import reactor.core.publisher.Mono;

/**
 * Changes other people's accounts. Each change, the end of the sessions that it costs,
 * and its record are one transaction; who may make it is asked again inside.
 */
@Component
class UserChanges {

	/** The rest of what is revoked at once is one event: its transaction has to end. */
	private static final int TOLD_ONE_BY_ONE = 1000;

	private final StaffAccess access;

	private final ManagedUsers users;

	private final StoredInvitations invitations;

	private final Sessions sessions;

	private final Database database;

	private final AuditTrail trail;

	UserChanges(StaffAccess access, ManagedUsers users, StoredInvitations invitations, Sessions sessions,
			Database database, AuditTrail trail) {
		this.access = access;
		this.users = users;
		this.invitations = invitations;
		this.sessions = sessions;
		this.database = database;
		this.trail = trail;
	}

	/**
	 * A user whom the caller manages; fails with 403 or 404.
	 */
	Mono<ManagedUser> managed(Caller caller, UUID id) {
		Set<String> managed = this.access.managedBy(caller);
		return this.users.find(id)
			.switchIfEmpty(Mono.error(() -> Problem.of(ProblemCode.USER_NOT_FOUND).asException()))
			.filter((user) -> managed.contains(user.userType()))
			.switchIfEmpty(Mono.error(() -> StaffAccess.notAllowed("Users of this type are managed by others.")));
	}

	/**
	 * Suspends a user and ends all sessions.
	 */
	Mono<ManagedUser> suspend(Caller caller, UUID id) {
		return others(caller, id)
			.flatMap((user) -> this.sessions
				.endAllWith(id, null, EndReason.SUSPENDED,
						(client) -> allowed(client, caller, user)
							.then(Mono.defer(() -> this.users.setStatus(client, id, ManagedUser.SUSPENDED,
									this.access.managedBy(caller))))
							.delayUntil((changed) -> voidInvitations(client, changed, Set.of()))
							.delayUntil((changed) -> tell(client, EventType.USER_SUSPENDED, changed)))
				.switchIfEmpty(Mono.defer(() -> managed(caller, id))));
	}

	/**
	 * Lets a suspended user sign in again.
	 */
	Mono<ManagedUser> reactivate(Caller caller, UUID id) {
		return others(caller, id)
			.flatMap((user) -> this.database.inTransaction((client) -> allowed(client, caller, user)
				.then(Mono
					.defer(() -> this.users.setStatus(client, id, ManagedUser.ACTIVE, this.access.managedBy(caller))))
				.delayUntil((changed) -> tell(client, EventType.USER_REACTIVATED, changed))))
			.switchIfEmpty(Mono.defer(() -> managed(caller, id)));
	}

	/**
	 * Changes the user type and ends all sessions.
	 * @param userType a known one
	 */
	Mono<ManagedUser> changeType(Caller caller, UUID id, String userType) {
		if (!this.access.managedBy(caller).contains(userType)) {
			return Mono.error(StaffAccess.notAllowed("Users of the new type are managed by others."));
		}
		return others(caller, id)
			.flatMap(
					(user) -> this.sessions
						.endAllWith(id, null, EndReason.TYPE_CHANGED, (client) -> allowed(client, caller, user)
							.then(Mono
								.defer(() -> this.users.setType(client, id, userType, this.access.managedBy(caller))))
							.delayUntil(
									(changed) -> voidInvitations(client, changed, this.access.managedByType(userType)))
							.delayUntil((changed) -> tell(client, EventType.USER_TYPE_CHANGED, changed)))
						.switchIfEmpty(Mono.defer(() -> managed(caller, id))));
	}

	/**
	 * Ends all sessions of a user.
	 */
	Mono<Void> endSessions(Caller caller, UUID id) {
		return managed(caller, id).flatMap((user) -> this.sessions.endAllWith(id, null, EndReason.ENDED_BY_STAFF,
				(client) -> this.users.require(client, caller)
					.then(Mono.defer(() -> tell(client, EventType.USER_SESSIONS_ENDED, user)))
					.thenReturn(true)))
			.then();
	}

	private Mono<ManagedUser> others(Caller caller, UUID id) {
		return managed(caller, id).filter((user) -> !id.equals(caller.userId()))
			.switchIfEmpty(Mono.error(() -> StaffAccess.notAllowed("Nobody changes the own account like this.")));
	}

	/**
	 * Empty, or fails: the caller is still who the token says, and somebody stays admin.
	 */
	private Mono<Void> allowed(DatabaseClient client, Caller caller, ManagedUser user) {
		return this.users.lock(client, caller.userId(), user).doOnNext((locked) -> {
			locked.require(caller, user);
			if (user.userType().equals(ManagedUser.ADMIN) && !locked.hasAdminBesides(user.id())) {
				throw StaffAccess.notAllowed("This is the last active admin.");
			}
		}).then();
	}

	/**
	 * What somebody invited to and may invite to no more is void for good, also if the
	 * inviter comes back.
	 */
	private Mono<Void> voidInvitations(DatabaseClient client, ManagedUser inviter, Set<String> stillGiven) {
		return this.invitations.revokeOf(client, inviter.id(), stillGiven)
			.collectList()
			.flatMap((revoked) -> this.trail.appendAll(client, revocations(inviter.id(), revoked)));
	}

	private static List<SecurityEvent> revocations(UUID inviter, List<UUID> revoked) {
		SecurityEvent event = SecurityEvent.of(EventType.INVITATION_REVOKED).with("inviter_id", inviter);
		List<SecurityEvent> events = new ArrayList<>();
		revoked.stream().limit(TOLD_ONE_BY_ONE).forEach((id) -> events.add(event.with("invitation_id", id)));
		if (revoked.size() > TOLD_ONE_BY_ONE) {
			events.add(event.with("more", revoked.size() - TOLD_ONE_BY_ONE));
		}
		return events;
	}

	private Mono<Void> tell(DatabaseClient client, EventType type, ManagedUser user) {
		return this.trail.append(client, SecurityEvent.of(type).about(user.id()).with("user_type", user.userType()));
	}

}
