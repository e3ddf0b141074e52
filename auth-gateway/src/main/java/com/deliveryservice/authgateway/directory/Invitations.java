package com.deliveryservice.authgateway.directory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.identity.UserType;
import com.deliveryservice.authgateway.identity.UserTypes;

/**
 * What lets staff sign up: one use, used up when the sign-up is verified, and void once
 * its inviter may no longer give it (contract/client-api.md).
 */
@Component
public class Invitations {

	private static final int LONGEST = 200;

	private static final String COLUMNS = """
			SELECT i.id, i.user_type, i.inviter_id, u.user_type AS inviter_type, u.status AS inviter_status
			FROM auth.invitation AS i LEFT JOIN auth.user_account AS u ON u.id = i.inviter_id
			""";

	private static final String BY_SECRET = COLUMNS
			+ "WHERE i.digest = :digest AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()";

	/** One that was good when the sign-up began is not lost by waiting for the code. */
	private static final String OF_SIGN_UP = COLUMNS + """
			JOIN auth.sign_up AS s ON s.invitation_id = i.id
			WHERE s.id = :id AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > s.created_at
			FOR UPDATE OF i
			""";

	/** One that a sign-up came with stays, used or not. */
	static final String FORGET = """
			DELETE FROM auth.invitation WHERE id IN (SELECT i.id FROM auth.invitation AS i
			  WHERE i.used_at IS NULL AND i.expires_at < now() - interval '30 days'
			    AND NOT EXISTS (SELECT 1 FROM auth.sign_up AS s WHERE s.invitation_id = i.id)
			  ORDER BY i.expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
			""";

	private final Database database;

	private final UserTypes userTypes;

	Invitations(Database database, UserTypes userTypes) {
		this.database = database;
		this.userTypes = userTypes;
	}

	/**
	 * The invitation of this secret.
	 * @return empty if it is unknown, used, expired or void
	 */
	public Mono<Invitation> find(String secret) {
		if (secret.isEmpty() || secret.length() > LONGEST) {
			return Mono.empty();
		}
		return this.database
			.one((client) -> client.sql(BY_SECRET).bind("digest", digest(secret)).map(Invitations::given).one())
			.filter(this::isGood)
			.map((given) -> new Invitation(given.id(), given.userType()));
	}

	/**
	 * Locks the invitation of a sign-up until the transaction ends.
	 * @return its id; empty if it has become void or was used
	 */
	Mono<UUID> lock(DatabaseClient client, UUID signUpId) {
		return client.sql(OF_SIGN_UP)
			.bind("id", signUpId)
			.map(Invitations::given)
			.one()
			.filter(this::isGood)
			.map(Given::id);
	}

	/**
	 * Uses up a locked one.
	 */
	Mono<Void> use(DatabaseClient client, UUID id, UUID userId) {
		return client.sql("UPDATE auth.invitation SET used_at = now(), used_by = :user WHERE id = :id")
			.bind("user", userId)
			.bind("id", id)
			.then();
	}

	/**
	 * Deletes what nobody used and has been void for 30 days, at most 1,000.
	 */
	public Mono<Void> forget() {
		return this.database.one((client) -> client.sql(FORGET).then());
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

	private boolean isGood(Given given) {
		if (this.userTypes.find(given.userType()) == null) {
			return false;
		}
		if (given.inviterId() == null) {
			return true;
		}
		UserType inviter = (given.inviterType() != null) ? this.userTypes.find(given.inviterType()) : null;
		return inviter != null && "active".equals(given.inviterStatus())
				&& inviter.manages().contains(given.userType());
	}

	private static Given given(Readable row) {
		return new Given(StoredUsers.column(row, "id", UUID.class), StoredUsers.column(row, "user_type", String.class),
				row.get("inviter_id", UUID.class), row.get("inviter_type", String.class),
				row.get("inviter_status", String.class));
	}

	/**
	 * One that is good.
	 *
	 * @param id its id
	 * @param userType what it makes
	 */
	public record Invitation(UUID id, String userType) {

	}

	private record Given(UUID id, String userType, @Nullable UUID inviterId, @Nullable String inviterType,
			@Nullable String inviterStatus) {

	}

}
