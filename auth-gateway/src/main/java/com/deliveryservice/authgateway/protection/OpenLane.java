package com.deliveryservice.authgateway.protection;

import java.time.Duration;

import org.springframework.r2dbc.core.DatabaseClient;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Mono;

import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;

/**
 * The lane of whoever is not known by a device: an account's failures, an address's
 * failures, and at how many accounts an address fails (spraying) all have to let it
 * through. A failure counts in each of the three or, if one says wait, in none: one
 * transaction, which locks the address, then the account, then the pair of both.
 */
class OpenLane {

	private static final double NO_CAP = Double.POSITIVE_INFINITY;

	/**
	 * The wait for the one of the failed accounts that makes room for another when it is
	 * forgotten. None for an account that is among them: it is not one more.
	 */
	private static final String SPRAY_WAIT = """
			SELECT extract(epoch FROM s.failed_at - now())::float8 + :within AS wait FROM auth.throttle_spray AS s
			WHERE s.address = :address AND s.failed_at > now() - make_interval(secs => :within)
			  AND NOT EXISTS (SELECT FROM auth.throttle_spray AS k WHERE k.address = :address
			    AND k.account = :account AND k.failed_at > now() - make_interval(secs => :within))
			ORDER BY s.failed_at DESC OFFSET :others LIMIT 1""";

	private static final String WAITS = """
			SELECT extract(epoch FROM blocked_until - clock_timestamp())::float8 AS wait FROM auth.throttle
			WHERE key IN (:account, :address) AND blocked_until > clock_timestamp()
			UNION ALL (%s)""".formatted(SPRAY_WAIT);

	private static final String LONGEST_WAIT = "SELECT max(wait) AS wait FROM (%s) AS waits HAVING count(*) > 0"
		.formatted(WAITS);

	private static final String SPRAY = """
			INSERT INTO auth.throttle_spray AS s (address, account, failed_at)
			SELECT :address, :account, clock_timestamp() WHERE NOT EXISTS (%s)
			ON CONFLICT (address, account) DO UPDATE SET failed_at = excluded.failed_at""".formatted(SPRAY_WAIT);

	/**
	 * Locks the account's counter first, so that it sees what others count at this very
	 * moment.
	 */
	private static final String FORGET = """
			WITH counter AS MATERIALIZED (SELECT blocked_until FROM auth.throttle WHERE key = :account FOR UPDATE),
			waits AS MATERIALIZED (
			  SELECT extract(epoch FROM blocked_until - clock_timestamp())::float8 AS wait FROM counter
			  WHERE blocked_until > clock_timestamp() UNION ALL %s),
			forgotten AS (DELETE FROM auth.throttle WHERE key = :account AND NOT EXISTS (SELECT FROM waits)),
			cleared AS (DELETE FROM auth.throttle_spray WHERE address = :address AND account = :account
			  AND NOT EXISTS (SELECT FROM waits))
			SELECT max(wait) AS wait FROM waits HAVING count(*) > 0""".formatted(WAITS);

	private static final String FORGET_ALL = """
			WITH cleared AS (DELETE FROM auth.throttle_spray WHERE address = :address AND account = :account)
			DELETE FROM auth.throttle WHERE key = :account""";

	private final Database database;

	private final FailureCounters counters;

	private final AddressBucket addresses;

	private final ProtectionSettings settings;

	OpenLane(Database database, FailureCounters counters, AddressBucket addresses, ProtectionSettings settings) {
		this.database = database;
		this.counters = counters;
		this.addresses = addresses;
		this.settings = settings;
	}

	Mono<Duration> check(LaneKeys keys) {
		return this.database.one((client) -> asked(client.sql(LONGEST_WAIT), keys));
	}

	Mono<Duration> failed(LaneKeys keys) {
		return this.database
			.inTransaction((client) -> fill(client, keys)
				.then(Mono.defer(() -> this.counters.fail(client, keys.account(), NO_CAP).flatMap(OpenLane::orRefuse)))
				.then(Mono.defer(() -> spray(client, keys)))
				.then(Mono.<Duration>empty()))
			.onErrorResume(RefusedException.class, (refused) -> check(keys).defaultIfEmpty(Duration.ofSeconds(1)));
	}

	Mono<Duration> succeeded(LaneKeys keys) {
		return this.database.one((client) -> asked(client.sql(FORGET), keys));
	}

	/**
	 * Forgets an account's failures and its wait.
	 */
	Mono<Void> forget(LaneKeys keys) {
		return this.database.one((client) -> {
			byte[] address = keys.address();
			return client.sql(FORGET_ALL)
				.bind("account", keys.account())
				.bind("address", (address != null) ? Parameters.in(address) : Parameters.in(byte[].class))
				.then();
		});
	}

	private Mono<Void> fill(DatabaseClient client, LaneKeys keys) {
		byte[] address = keys.address();
		return (address == null) ? Mono.empty() : this.addresses.fill(client, address).flatMap(OpenLane::orRefuse);
	}

	private Mono<Void> spray(DatabaseClient client, LaneKeys keys) {
		return (keys.address() == null) ? Mono.empty()
				: bound(client.sql(SPRAY), keys).fetch().rowsUpdated().flatMap((rows) -> orRefuse(rows > 0));
	}

	private Mono<Duration> asked(DatabaseClient.GenericExecuteSpec statement, LaneKeys keys) {
		return bound(statement, keys).map(OpenLane::longest).one();
	}

	private DatabaseClient.GenericExecuteSpec bound(DatabaseClient.GenericExecuteSpec statement, LaneKeys keys) {
		byte[] address = keys.address();
		return statement.bind("account", keys.account())
			.bind("address", (address != null) ? Parameters.in(address) : Parameters.in(byte[].class))
			.bind("within", (double) ProtectionSettings.SPRAY_WINDOW.toSeconds())
			.bind("others", this.settings.addressAccounts() - 1);
	}

	private static Duration longest(Readable row) {
		return FailureCounters.seconds(row.get("wait", Double.class));
	}

	private static Mono<Void> orRefuse(boolean counted) {
		return counted ? Mono.empty() : Mono.error(new RefusedException());
	}

	/**
	 * Leaves the transaction, so that nothing of it is counted.
	 */
	private static final class RefusedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		RefusedException() {
			super(null, null, false, false);
		}

	}

}
