package com.deliveryservice.authgateway.directory;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.r2dbc.spi.Readable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.key.DerivedKeys;

/**
 * Session tokens for a workflow-auth that delegates them. A user has one; each new
 * sign-in moves its end. The token is not stored: it is an HMAC over the nonce of the
 * row.
 */
@Component
class DelegatedTokens {

	private static final String PURPOSE = "delegated session token";

	private static final String ISSUE = """
			INSERT INTO auth.delegated_token AS t (user_id, nonce, begins_at, ends_at)
			SELECT id, gen_random_uuid(), now(), now() + make_interval(secs => :lifetime)
			FROM auth.user_account WHERE id = :id AND status = 'active'
			ON CONFLICT (user_id) DO UPDATE SET ends_at = excluded.ends_at,
			  nonce = CASE WHEN t.ends_at > now() THEN t.nonce ELSE excluded.nonce END,
			  begins_at = CASE WHEN t.ends_at > now() THEN t.begins_at ELSE excluded.begins_at END
			RETURNING nonce, begins_at, ends_at,
			  (SELECT user_type FROM auth.user_account WHERE id = :id) AS user_type
			""";

	private final Database database;

	private final DerivedKeys keys;

	private final Duration lifetime;

	DelegatedTokens(Database database, DerivedKeys keys, DirectorySettings settings) {
		this.database = database;
		this.keys = keys;
		this.lifetime = settings.sessionTokenLifetime();
	}

	/**
	 * Issues or prolongs the token of a user.
	 * @return empty if there is no such user, or the user is suspended
	 */
	Mono<Token> issue(UUID userId) {
		return this.database.one((client) -> client.sql(ISSUE)
			.bind("id", userId)
			.bind("lifetime", this.lifetime.toMillis() / 1000.0)
			.map((row) -> token(userId, row))
			.one());
	}

	private Token token(UUID userId, Readable row) {
		return new Token(derive(userId, StoredUsers.column(row, "nonce", UUID.class)),
				StoredUsers.column(row, "begins_at", OffsetDateTime.class).toInstant(),
				StoredUsers.column(row, "ends_at", OffsetDateTime.class).toInstant(),
				StoredUsers.column(row, "user_type", String.class));
	}

	private UUID derive(UUID userId, UUID nonce) {
		byte[] key = this.keys.find(this.keys.currentId(), PURPOSE);
		if (key == null) {
			throw new IllegalStateException("no key for " + PURPOSE);
		}
		ByteBuffer input = ByteBuffer.allocate(32)
			.putLong(userId.getMostSignificantBits())
			.putLong(userId.getLeastSignificantBits())
			.putLong(nonce.getMostSignificantBits())
			.putLong(nonce.getLeastSignificantBits());
		ByteBuffer derived = ByteBuffer.wrap(hmac(key, input.array()));
		// RFC 9562 §5.8: version 8, 122 bits of our own making
		long high = (derived.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x8000L;
		long low = (derived.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
		return new UUID(high, low);
	}

	private static byte[] hmac(byte[] key, byte[] input) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(key, "HmacSHA256"));
			return mac.doFinal(input);
		}
		catch (NoSuchAlgorithmException | InvalidKeyException ex) {
			throw new IllegalStateException("HmacSHA256", ex);
		}
	}

	/**
	 * A session token. Never prints its id.
	 *
	 * @param guid its id
	 * @param beginsAt when it begins
	 * @param endsAt when it ends
	 * @param userType of the user
	 */
	record Token(UUID guid, Instant beginsAt, Instant endsAt, String userType) {

		@Override
		public String toString() {
			return "Token[endsAt=" + this.endsAt + "]";
		}

	}

}
