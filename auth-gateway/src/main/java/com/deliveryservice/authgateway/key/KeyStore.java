package com.deliveryservice.authgateway.key;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.r2dbc.spi.Readable;

/**
 * The rows of {@code auth.signing_key}.
 */
@Component
class KeyStore {

	/** One lock for whoever makes or changes keys, on all replicas: "auth.key". */
	static final long LOCK = 0x617574682e6b6579L;

	private static final String USABLE = """
			SELECT kid, status, private_key, encryption_key_id FROM auth.signing_key
			WHERE status IN ('next', 'active') OR (status = 'retired' AND retired_at > now() - make_interval(secs => :keep))
			ORDER BY active_from DESC NULLS FIRST
			""";

	private static final String INSERT_FIRST = """
			INSERT INTO auth.signing_key (kid, status, public_jwk, private_key, encryption_key_id, not_before, active_from)
			SELECT :kid, 'active', :jwk, :sealed, :keyId, now(), now()
			WHERE NOT EXISTS (SELECT 1 FROM auth.signing_key WHERE status = 'active')
			""";

	private static final String RESEAL = """
			UPDATE auth.signing_key SET private_key = :sealed, encryption_key_id = :keyId
			WHERE kid = :kid AND encryption_key_id <> :keyId
			""";

	private final Database database;

	private final AuditTrail audit;

	KeyStore(Database database, AuditTrail audit) {
		this.database = database;
		this.audit = audit;
	}

	/**
	 * Active, next, and those retired keys that may still have signed a living token.
	 * @param keep how long a key is kept after it retired
	 */
	Flux<StoredKey> findUsable(Duration keep) {
		return this.database
			.many((client) -> client.sql(USABLE).bind("keep", keep.toMillis() / 1000.0).map(KeyStore::map).all());
	}

	/**
	 * Stores the pair as the active one, unless there is one: of several replicas that
	 * try at once, one wins.
	 */
	Mono<Void> insertFirst(KeyPairJwk pair, EncryptionKey key) {
		byte[] sealed = pair.sealedBy(key);
		return this.database
			.inTransaction((client) -> client.sql("SELECT pg_advisory_xact_lock(:lock)::text")
				.bind("lock", LOCK)
				.fetch()
				.rowsUpdated()
				.then(client.sql(INSERT_FIRST)
					.bind("kid", pair.kid())
					.bind("jwk", pair.jwk().toPublicJWK().toJSONString())
					.bind("sealed", sealed)
					.bind("keyId", key.id())
					.fetch()
					.rowsUpdated())
				.filter((inserted) -> inserted > 0)
				.delayUntil((inserted) -> tell(client, EventType.KEY_CREATED, pair.kid()))
				.delayUntil((inserted) -> tell(client, EventType.KEY_ACTIVATED, pair.kid())))
			.then();
	}

	private Mono<Void> tell(DatabaseClient client, EventType type, String kid) {
		return this.audit.append(client, SecurityEvent.of(type).with("kid", kid));
	}

	/**
	 * Stores the pair under another encryption key, unless another replica already did.
	 */
	Mono<Void> reseal(KeyPairJwk pair, EncryptionKey key) {
		byte[] sealed = pair.sealedBy(key);
		return this.database
			.one((client) -> client.sql(RESEAL)
				.bind("kid", pair.kid())
				.bind("sealed", sealed)
				.bind("keyId", key.id())
				.fetch()
				.rowsUpdated())
			.then();
	}

	private static StoredKey map(Readable row) {
		return new StoredKey(column(row, "kid", String.class), column(row, "status", String.class),
				column(row, "private_key", ByteBuffer.class), column(row, "encryption_key_id", String.class));
	}

	private static <T> T column(Readable row, String name, Class<T> type) {
		return Objects.requireNonNull(row.get(name, type), name);
	}

}
