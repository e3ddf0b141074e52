package com.deliveryservice.authgateway.staff;

import java.util.Base64;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.key.Randomness;
import com.deliveryservice.authgateway.staff.InvitationsController.Given;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gives invitations and takes them back.
 */
@Component
class Inviting {

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
	 * A new invitation, with its secret.
	 */
	Mono<Given> invite(Caller caller, String userType, @Nullable String email) {
		String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(this.randomness.nextBytes(SECRET_BYTES));
		return this.database.inTransaction((client) -> this.users.require(client, caller)
			.then(Mono
				.defer(() -> this.invitations.insert(client, secret, userType, email, caller.userId(), Given.LIFE)))
			.delayUntil((open) -> this.trail.append(client,
					SecurityEvent.of(EventType.INVITATION_CREATED)
						.with("invitation_id", open.id())
						.with("user_type", userType)))
			.map((open) -> new Given(open.id(), secret, open.userType(), open.email(), open.expiresAt())));
	}

	/**
	 * The open ones of these types.
	 */
	Flux<OpenInvitation> open(Set<String> types) {
		return types.isEmpty() ? Flux.empty() : this.invitations.open(types);
	}

	/**
	 * Makes one void.
	 */
	Mono<Void> revoke(UUID id, Set<String> types) {
		return this.database
			.inTransaction((client) -> this.invitations.revoke(client, id, types)
				.delayUntil((revoked) -> this.trail.append(client,
						SecurityEvent.of(EventType.INVITATION_REVOKED).with("invitation_id", revoked))))
			.then();
	}

}
