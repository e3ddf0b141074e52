package com.deliveryservice.authgateway.revocation;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.deliveryservice.authgateway.key.KeyChanges;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import io.r2dbc.postgresql.api.Notification;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;

/**
 * Listens on a connection of its own, outside the pool. The connection is asked for a
 * sign of life each second; when it gives none, another one takes its place, and reads
 * what was missed meanwhile.
 */
class Notifications {

	private static final Logger logger = LoggerFactory.getLogger(Notifications.class);

	private static final String CHANNEL = "auth_session_ended";

	private static final String KEYS = "auth_keys_changed";

	/** Tells the database's time, and the database that it is reached. */
	private static final String BEAT = """
			SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint, auth.see_database()::text
			""";

	private static final Duration BEAT_EVERY = Duration.ofSeconds(1);

	private static final Duration DEADLINE = Duration.ofSeconds(2);

	private static final Duration RETRY = Duration.ofMillis(300);

	private final ConnectionFactory connections;

	private final EndedSessionReader reader;

	private final EndedSessionRegistry registry;

	private final RevocationMeters meters;

	private final KeyChanges keys;

	private final Clock clock;

	private volatile boolean connected;

	/** The database's clock minus this one, in ms. */
	private volatile long clockOffset;

	Notifications(ConnectionFactory connections, EndedSessionReader reader, EndedSessionRegistry registry,
			RevocationMeters meters, KeyChanges keys, Clock clock) {
		this.connections = connections;
		this.reader = reader;
		this.registry = registry;
		this.meters = meters;
		this.keys = keys;
		this.clock = clock;
	}

	/**
	 * Listens until cancelled; never fails.
	 */
	Flux<Void> listen() {
		return Flux
			.usingWhen(Mono.from(this.connections.create()).timeout(DEADLINE).cast(PostgresqlConnection.class),
					this::listen, Notifications::close)
			.concatWith(Mono.error(() -> new IllegalStateException("the connection was closed")))
			.doOnError(this::noteLoss)
			.retryWhen(Retry.fixedDelay(Long.MAX_VALUE, RETRY));
	}

	/**
	 * Whether the connection gave a sign of life within the last two seconds or so.
	 */
	boolean areConnected() {
		return this.connected;
	}

	private Flux<Void> listen(PostgresqlConnection connection) {
		Flux<Void> heard = connection.getNotifications().doOnNext(this::hear).thenMany(Flux.empty());
		Mono<Void> started = run(connection, "LISTEN " + CHANNEL).then(run(connection, "LISTEN " + KEYS))
			.then(Mono.defer(() -> this.reader.catchUp(connection)).timeout(DEADLINE))
			.doOnSuccess((ignored) -> noteConnection());
		Flux<Void> beats = Flux.interval(Duration.ZERO, BEAT_EVERY)
			.onBackpressureDrop()
			.concatMap((tick) -> beat(connection), 0);
		return Flux.merge(heard, started.thenMany(beats));
	}

	private Mono<Void> beat(PostgresqlConnection connection) {
		return Mono.defer(() -> {
			long askedAt = this.clock.millis();
			return Flux.from(connection.createStatement(BEAT).execute())
				.flatMap((result) -> result.map((row) -> Objects.requireNonNull(row.get(0, Long.class))))
				.last()
				.doOnNext((databaseMillis) -> noteBeat(databaseMillis, askedAt));
		}).timeout(DEADLINE).then();
	}

	private void noteBeat(long databaseMillis, long askedAt) {
		long answeredAt = this.clock.millis();
		this.clockOffset = databaseMillis - (askedAt + answeredAt) / 2;
		// what was committed before the beat was notified before the beat was answered
		this.registry.upToDate(askedAt);
		this.registry.reached();
	}

	private void hear(Notification notification) {
		if (KEYS.equals(notification.getName())) {
			this.keys.changed();
		}
		else {
			hearOfEnd(notification);
		}
	}

	private void hearOfEnd(Notification notification) {
		String[] parts = String.valueOf(notification.getParameter()).split(" ", 2);
		try {
			this.registry.add(UUID.fromString(parts[0]));
			long endedAt = Long.parseLong(parts[1]);
			this.meters.heardAfter(Duration.ofMillis(this.clock.millis() + this.clockOffset - endedAt));
		}
		catch (IllegalArgumentException | ArrayIndexOutOfBoundsException ex) {
			logger.warn("A notification on {} is not understood", CHANNEL);
		}
	}

	private void noteConnection() {
		this.connected = true;
		this.registry.reached();
		this.keys.changed();
		logger.info("Listening for ended sessions and changed keys");
	}

	private void noteLoss(Throwable failure) {
		if (this.connected) {
			logger.warn("The connection that listens for ended sessions is lost: {}", failure.getMessage());
		}
		this.connected = false;
		this.registry.lost();
	}

	private static Mono<Void> run(Connection connection, String sql) {
		return Flux.from(connection.createStatement(sql).execute())
			.flatMap((result) -> result.getRowsUpdated())
			.then()
			.timeout(DEADLINE);
	}

	private static Mono<Void> close(Connection connection) {
		return Mono.from(connection.close()).timeout(DEADLINE).onErrorComplete();
	}

}
