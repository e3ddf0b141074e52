package com.deliveryservice.authgateway.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import io.r2dbc.spi.Readable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.notifier.NotificationSeal.Sealed;

/**
 * {@code auth.notification}: each change one statement on the database's clock. A row is
 * one replica's for as long as a lease lasts.
 */
final class NotificationStore {

	private static final String INSERT = """
			INSERT INTO auth.notification (id, key_id, sealed, expires_at) VALUES (:id, :key, :sealed, :until)
			""";

	private static final String CLAIM = """
			UPDATE auth.notification SET attempts = attempts + 1,
			  send_after = clock_timestamp() + make_interval(secs => :lease)
			WHERE id IN (SELECT id FROM auth.notification
			  WHERE send_after <= clock_timestamp() AND expires_at > clock_timestamp()
			  ORDER BY send_after LIMIT :most FOR UPDATE SKIP LOCKED)
			RETURNING id, key_id, sealed, attempts
			""";

	/** 1, 2, 4 … seconds, at most half a minute. */
	private static final String LATER = """
			UPDATE auth.notification SET send_after = clock_timestamp()
			  + least(interval '30 seconds', interval '1 second' * power(2, least(attempts - 1, 10)))
			WHERE id = :id AND attempts = :attempts
			""";

	private static final String EXPIRE = """
			DELETE FROM auth.notification WHERE id IN (SELECT id FROM auth.notification
			  WHERE expires_at <= clock_timestamp() ORDER BY expires_at LIMIT 500 FOR UPDATE SKIP LOCKED)
			RETURNING id, key_id, sealed, attempts
			""";

	private final Database database;

	NotificationStore(Database database) {
		this.database = database;
	}

	Mono<Void> insert(DatabaseClient client, UUID id, Sealed sealed, Instant until) {
		return client.sql(INSERT)
			.bind("id", id)
			.bind("key", sealed.keyId())
			.bind("sealed", sealed.bytes())
			.bind("until", until)
			.then();
	}

	/**
	 * Takes rows that are due.
	 * @param most how many
	 * @param lease after which another replica may take them
	 */
	Flux<Row> claim(int most, Duration lease) {
		return this.database.many((client) -> client.sql(CLAIM)
			.bind("most", most)
			.bind("lease", lease.toMillis() / 1000.0)
			.map(NotificationStore::row)
			.all());
	}

	/**
	 * It was delivered, or has not to be.
	 */
	Mono<Void> delete(UUID id) {
		return this.database
			.one((client) -> client.sql("DELETE FROM auth.notification WHERE id = :id").bind("id", id).then());
	}

	/**
	 * It was not delivered this time.
	 */
	Mono<Void> later(Row row) {
		return this.database
			.one((client) -> client.sql(LATER).bind("id", row.id()).bind("attempts", row.attempts()).then());
	}

	/**
	 * Deletes what is of no use any more.
	 * @return what that was
	 */
	Flux<Row> expire() {
		return this.database.many((client) -> client.sql(EXPIRE).map(NotificationStore::row).all());
	}

	private static Row row(Readable row) {
		return new Row(column(row, "id", UUID.class),
				new Sealed(column(row, "key_id", String.class), column(row, "sealed", byte[].class)),
				column(row, "attempts", Integer.class));
	}

	private static <T> T column(Readable row, String name, Class<T> type) {
		T value = row.get(name, type);
		if (value == null) {
			throw new IllegalStateException(name + " is NULL");
		}
		return value;
	}

	/**
	 * A row.
	 *
	 * @param id its id
	 * @param sealed what is in it
	 * @param attempts how often it was taken
	 */
	record Row(UUID id, Sealed sealed, int attempts) {

	}

}
