package com.deliveryservice.authgateway.staff;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;

/**
 * {@code auth.invitation} as staff writes it; a sign-up uses it up. Only digests are
 * stored.
 */
@Component
class StoredInvitations {

	private static final String INSERT = """
			INSERT INTO auth.invitation (digest, user_type, email, inviter_id, expires_at)
			VALUES (:digest, :type, :email, :inviter, now() + make_interval(secs => :life))
			RETURNING id, user_type, email, expires_at
			""";

	/** As the directory judges when one is used. */
	private static final String OPEN = """
			SELECT i.id, i.user_type, i.email, i.expires_at FROM auth.invitation AS i
			LEFT JOIN auth.user_account AS u ON u.id = i.inviter_id
			WHERE i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now() AND i.user_type IN (:types)
			AND (i.inviter_id IS NULL OR (u.status = 'active' AND u.user_type || ' ' || i.user_type = ANY(:giving)))
			ORDER BY i.created_at DESC, i.id LIMIT 1000
			""";

	private static final String TYPE = "SELECT user_type FROM auth.invitation WHERE id = :id";

	private static final String REVOKE = """
			UPDATE auth.invitation SET revoked_at = now()
			WHERE id = :id AND used_at IS NULL AND revoked_at IS NULL RETURNING id
			""";

	/**
	 * Also those that ended lately: a sign-up that began in time may wait for its code,
	 * for a day at most.
	 */
	private static final String REVOKE_OF = """
			UPDATE auth.invitation SET revoked_at = now()
			WHERE inviter_id = :inviter AND used_at IS NULL AND revoked_at IS NULL
			AND expires_at > now() - interval '2 days' AND NOT user_type = ANY(:types)
			RETURNING id
			""";

	private static final String FULL = """
			SELECT CAST(extract(epoch FROM min(expires_at) - now()) AS float8) AS seconds FROM (
			    SELECT expires_at FROM auth.invitation
			    WHERE inviter_id = :inviter AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
			    ORDER BY expires_at LIMIT :most) AS open
			HAVING count(*) >= :most
			""";

	private final Database database;

	StoredInvitations(Database database) {
		this.database = database;
	}

	/**
	 * Stores an invitation.
	 * @param secret what only the invited get
	 * @param inviter who gives it, or {@code null} for the first admin's
	 */
	Mono<OpenInvitation> insert(DatabaseClient client, String secret, String userType, @Nullable String email,
			@Nullable UUID inviter, Duration life) {
		return client.sql(INSERT)
			.bind("digest", digest(secret))
			.bind("type", userType)
			.bind("email", (email != null) ? Parameters.in(email) : Parameters.in(String.class))
			.bind("inviter", (inviter != null) ? Parameters.in(inviter) : Parameters.in(UUID.class))
			.bind("life", (double) life.toSeconds())
			.map(StoredInvitations::read)
			.one();
	}

	/**
	 * The open ones, newest first.
	 * @param giving see {@link StaffAccess#giving}
	 */
	Flux<OpenInvitation> open(Set<String> types, Set<String> giving) {
		return this.database.many((client) -> client.sql(OPEN)
			.bind("types", types)
			.bind("giving", giving.toArray(String[]::new))
			.map(StoredInvitations::read)
			.all());
	}

	/**
	 * What one makes of whoever signs up with it, which never changes; empty if there is
	 * no such invitation.
	 */
	Mono<String> userType(DatabaseClient client, UUID id) {
		return client.sql(TYPE).bind("id", id).map((row) -> ManagedUsers.column(row, "user_type", String.class)).one();
	}

	/**
	 * Makes one void; empty if it was used or is void already.
	 */
	Mono<UUID> revoke(DatabaseClient client, UUID id) {
		return client.sql(REVOKE).bind("id", id).map((row) -> ManagedUsers.column(row, "id", UUID.class)).one();
	}

	/**
	 * Makes void what somebody gave.
	 * @param stillGiven the types of invitations that stay as they are
	 */
	Flux<UUID> revokeOf(DatabaseClient client, UUID inviter, Set<String> stillGiven) {
		return client.sql(REVOKE_OF)
			.bind("inviter", inviter)
			.bind("types", stillGiven.toArray(String[]::new))
			.map((row) -> ManagedUsers.column(row, "id", UUID.class))
			.all();
	}

	/**
	 * How long somebody has to wait who has given as many as are allowed at once.
	 * @param most how many that is
	 * @return the time until the first of them ends; empty if there are fewer
	 */
	Mono<Duration> full(DatabaseClient client, UUID inviter, int most) {
		return client.sql(FULL)
			.bind("inviter", inviter)
			.bind("most", most)
			.map((row) -> Duration.ofMillis((long) (ManagedUsers.column(row, "seconds", Double.class) * 1000)))
			.one();
	}

	/**
	 * What is stored of a secret.
	 */
	static byte[] digest(String secret) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("SHA-256", ex);
		}
	}

	private static OpenInvitation read(Readable row) {
		return new OpenInvitation(ManagedUsers.column(row, "id", UUID.class),
				ManagedUsers.column(row, "user_type", String.class), row.get("email", String.class),
				ManagedUsers.column(row, "expires_at", Instant.class));
	}

}
