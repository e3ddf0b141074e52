package com.deliveryservice.authgateway.key;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Mono;

import io.r2dbc.spi.Readable;

/**
 * The states of stored keys, next, active, retired, revoked: each change is a step of one
 * transaction that one replica at a time may run.
 */
@Component
class KeyStates {

	private static final String PREPARE = """
			INSERT INTO auth.signing_key (kid, status, public_jwk, private_key, encryption_key_id, not_before)
			SELECT :kid, 'next', :jwk, :sealed, :keyId, now() + make_interval(secs => :publishBefore)
			WHERE NOT EXISTS (SELECT 1 FROM auth.signing_key WHERE status = 'next')
			RETURNING kid
			""";

	private static final String NEXT_IS_WANTED = """
			SELECT kid FROM auth.signing_key WHERE status = 'active'
			AND active_from <= now() - make_interval(secs => :rotateEvery) + make_interval(secs => :publishBefore)
			AND NOT EXISTS (SELECT 1 FROM auth.signing_key WHERE status = 'next')
			""";

	private static final String RETIRE_WHEN_DUE = """
			UPDATE auth.signing_key SET status = 'retired', retired_at = now()
			WHERE status = 'active' AND active_from <= now() - make_interval(secs => :rotateEvery)
			AND EXISTS (SELECT 1 FROM auth.signing_key WHERE status = 'next' AND not_before <= now())
			RETURNING kid
			""";

	private static final String RETIRE = """
			UPDATE auth.signing_key SET status = 'retired', retired_at = now() WHERE status = 'active'
			AND EXISTS (SELECT 1 FROM auth.signing_key WHERE status = 'next') RETURNING kid
			""";

	private static final String ACTIVATE = """
			UPDATE auth.signing_key SET status = 'active', active_from = now() WHERE status = 'next'
			AND NOT EXISTS (SELECT 1 FROM auth.signing_key WHERE status = 'active') RETURNING kid
			""";

	private static final String REVOKE = """
			UPDATE auth.signing_key SET status = 'revoked', revoked_at = now(), private_key = ''
			WHERE kid = :kid AND status <> 'revoked' RETURNING kid
			""";

	private static final String FORGET = """
			DELETE FROM auth.signing_key WHERE coalesce(revoked_at, retired_at) < now() - make_interval(secs => :keep)
			AND status IN ('retired', 'revoked') RETURNING kid
			""";

	private static final String LIST = """
			SELECT kid, status, created_at, active_from, retired_at, revoked_at FROM auth.signing_key
			ORDER BY created_at DESC, kid
			""";

	private final Database database;

	private final AuditTrail audit;

	KeyStates(Database database, AuditTrail audit) {
		this.database = database;
		this.audit = audit;
	}

	/**
	 * Runs steps in one transaction, under the lock that all key changes share.
	 */
	<T> Mono<T> change(Function<DatabaseClient, Mono<T>> steps) {
		return this.database.inTransaction((client) -> client.sql("SELECT pg_advisory_xact_lock(:lock)::text")
			.bind("lock", KeyStore.LOCK)
			.fetch()
			.rowsUpdated()
			.then(steps.apply(client)));
	}

	/**
	 * Whether it is time for a next key.
	 */
	Mono<Boolean> isNextWanted(Duration rotateEvery, Duration publishBefore) {
		return this.database.one((client) -> client.sql(NEXT_IS_WANTED)
			.bind("rotateEvery", seconds(rotateEvery))
			.bind("publishBefore", seconds(publishBefore))
			.fetch()
			.one()
			.hasElement());
	}

	/**
	 * Stores a next key, unless there is one; gives its kid if it did.
	 */
	Mono<String> prepare(DatabaseClient client, SealedPair pair, Duration publishBefore) {
		return client.sql(PREPARE)
			.bind("kid", pair.kid())
			.bind("jwk", pair.publicJwk())
			.bind("sealed", pair.sealed())
			.bind("keyId", pair.encryptionKeyId())
			.bind("publishBefore", seconds(publishBefore))
			.map(KeyStates::kid)
			.one()
			.delayUntil((kid) -> tell(client, EventType.KEY_CREATED, kid));
	}

	/**
	 * Replaces the active key by the next one, if both are due; gives the kid that signs
	 * then.
	 */
	Mono<String> rotateWhenDue(DatabaseClient client, Duration rotateEvery) {
		return client.sql(RETIRE_WHEN_DUE)
			.bind("rotateEvery", seconds(rotateEvery))
			.map(KeyStates::kid)
			.one()
			.flatMap((retired) -> tell(client, EventType.KEY_RETIRED, retired).then(activate(client)));
	}

	/**
	 * Replaces the active key by the next one at once; gives the kid that signs then.
	 */
	Mono<String> rotate(DatabaseClient client) {
		return client.sql(RETIRE)
			.map(KeyStates::kid)
			.one()
			.flatMap((retired) -> tell(client, EventType.KEY_RETIRED, retired))
			.then(Mono.defer(() -> activate(client)));
	}

	/**
	 * Makes a key good for nothing; if it was the active one, the next one is active.
	 * @return its kid; empty if there is none such, or it was revoked before
	 */
	Mono<String> revoke(DatabaseClient client, String kid) {
		return client.sql(REVOKE)
			.bind("kid", kid)
			.map(KeyStates::kid)
			.one()
			.delayUntil((revoked) -> tell(client, EventType.KEY_REVOKED, revoked).then(activate(client)));
	}

	/**
	 * Deletes what nothing alive can have been signed with.
	 */
	Mono<Void> forget(Duration keep) {
		return this.database.many((client) -> client.sql(FORGET).bind("keep", seconds(keep)).map(KeyStates::kid).all())
			.then();
	}

	/**
	 * All keys, newest first, without any secret.
	 */
	Mono<List<KeyState>> list() {
		return this.database.many((client) -> client.sql(LIST).map(KeyStates::state).all()).collectList();
	}

	private Mono<String> activate(DatabaseClient client) {
		return client.sql(ACTIVATE)
			.map(KeyStates::kid)
			.one()
			.delayUntil((kid) -> tell(client, EventType.KEY_ACTIVATED, kid));
	}

	private Mono<Void> tell(DatabaseClient client, EventType type, String kid) {
		return this.audit.append(client, SecurityEvent.of(type).with("kid", kid));
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

	private static String kid(Readable row) {
		return Objects.requireNonNull(row.get("kid", String.class));
	}

	private static KeyState state(Readable row) {
		return new KeyState(kid(row), Objects.requireNonNull(row.get("status", String.class)),
				Objects.requireNonNull(row.get("created_at", Instant.class)), row.get("active_from", Instant.class),
				row.get("retired_at", Instant.class), row.get("revoked_at", Instant.class));
	}

}
