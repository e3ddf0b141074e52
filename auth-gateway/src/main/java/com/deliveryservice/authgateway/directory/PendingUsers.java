package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.protection.SignUpLimits;

/**
 * The auth backend's half of a sign-up: what workflow-auth asked to store. It says
 * nothing about who will be what, and becomes a user only through {@link Promotion}.
 */
@Component
public class PendingUsers {

	private static final String ADD = """
			INSERT INTO auth.pending_user (login_normalized, contact_kind, contact, password_hash)
			VALUES (:login, :kind, :contact, :hash)
			RETURNING guid, coalesce((SELECT user_type FROM auth.sign_up WHERE state = 'starting'
			  AND login_normalized = :login AND contact_kind = :kind AND contact = :contact
			  ORDER BY created_at DESC LIMIT 1), 'customer') AS user_type
			""";

	private static final String BIND_BY_GUID = """
			UPDATE auth.pending_user AS p SET sign_up_id = s.id FROM auth.sign_up AS s
			WHERE s.id = :id AND p.guid = :guid AND p.sign_up_id IS NULL
			  AND p.login_normalized = s.login_normalized AND p.contact_kind = s.contact_kind AND p.contact = s.contact
			RETURNING p.guid
			""";

	private static final String CANDIDATES = """
			SELECT p.guid, p.password_hash FROM auth.pending_user AS p
			JOIN auth.sign_up AS s ON p.login_normalized = s.login_normalized AND p.contact_kind = s.contact_kind
			  AND p.contact = s.contact
			WHERE s.id = :id AND p.sign_up_id IS NULL AND p.password_hash IS NOT NULL AND p.created_at >= s.created_at
			ORDER BY p.created_at DESC LIMIT 3
			""";

	private static final String AWAITED = """
			SELECT EXISTS (SELECT FROM auth.sign_up WHERE login_normalized = :login AND contact_kind = :kind
			  AND contact = :contact AND state = 'starting') AS awaited
			""";

	private final Database database;

	private final PasswordHashing hashing;

	private final SignUpLimits limits;

	PendingUsers(Database database, PasswordHashing hashing, SignUpLimits limits) {
		this.database = database;
		this.hashing = hashing;
		this.limits = limits;
	}

	/**
	 * Lets one be stored: those that a sign-up of the gateway's own waits for, and of the
	 * others so many an hour.
	 * @return completes; fails with 429 {@code too-many-requests}
	 */
	Mono<Void> admit(Login login, Contact contact) {
		return this.database
			.one((client) -> client.sql(AWAITED)
				.bind("login", login.normalized())
				.bind("kind", contact.kind().column())
				.bind("contact", contact.normalized())
				.map((row) -> StoredUsers.column(row, "awaited", Boolean.class))
				.one())
			.flatMap((awaited) -> awaited ? Mono.empty() : this.limits.admitForeign())
			.flatMap(PendingUsers::tooMany);
	}

	/**
	 * Stores one. Nobody has checked a code for it, and if the gateway has no sign-up of
	 * its own for it, nobody ever will.
	 */
	Mono<Added> add(Login login, Contact contact, String passwordHash) {
		return this.database.one((client) -> client.sql(ADD)
			.bind("login", login.normalized())
			.bind("kind", contact.kind().column())
			.bind("contact", contact.normalized())
			.bind("hash", passwordHash)
			.map((row) -> new Added(StoredUsers.column(row, "guid", UUID.class),
					StoredUsers.column(row, "user_type", String.class)))
			.one());
	}

	/**
	 * Finds the pending user that the callback of this very sign-up stored, and binds the
	 * two. workflow-auth answers either the guid that the auth backend gave it, or one of
	 * its own; then the password tells apart what was asked at the same time for the same
	 * login and contact.
	 * @param signUpId of the sign-up
	 * @param signUpGuid as workflow-auth answered it
	 * @param password in clear
	 * @return whether there is one; fails with {@link HashingOverloadedException}
	 */
	public Mono<Boolean> bind(UUID signUpId, String signUpGuid, String password) {
		UUID guid = uuid(signUpGuid);
		Mono<UUID> exact = (guid != null) ? bind(signUpId, guid) : Mono.empty();
		return exact.switchIfEmpty(Mono.defer(
				() -> candidates(signUpId)
					.concatMap((candidate) -> this.hashing.matches(password, candidate.hash())
						.filter((matches) -> matches)
						.flatMap((matches) -> bind(signUpId, candidate.guid())))
					.next()))
			.hasElement();
	}

	/**
	 * A guid as it came; {@code null} if it is no UUID.
	 */
	static @Nullable UUID uuid(@Nullable String guid) {
		try {
			return (guid != null && guid.length() == 36) ? UUID.fromString(guid) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static Mono<Void> tooMany(Duration wait) {
		return Mono.error(Problem.of(ProblemCode.TOO_MANY_REQUESTS).withRetryAfter(wait).asException());
	}

	private Mono<UUID> bind(UUID signUpId, UUID guid) {
		return this.database.one((client) -> client.sql(BIND_BY_GUID)
			.bind("id", signUpId)
			.bind("guid", guid)
			.map((row) -> StoredUsers.column(row, "guid", UUID.class))
			.one());
	}

	private Flux<Candidate> candidates(UUID signUpId) {
		return this.database.many((client) -> client.sql(CANDIDATES)
			.bind("id", signUpId)
			.map((row) -> new Candidate(StoredUsers.column(row, "guid", UUID.class),
					StoredUsers.column(row, "password_hash", String.class)))
			.all());
	}

	/**
	 * A stored one.
	 *
	 * @param guid its id
	 * @param userType what the gateway's own sign-up says that it will be
	 */
	record Added(UUID guid, String userType) {

	}

	private record Candidate(UUID guid, String hash) {

		@Override
		public String toString() {
			return "Candidate[" + this.guid + "]";
		}

	}

}
