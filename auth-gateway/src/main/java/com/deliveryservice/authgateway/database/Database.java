package com.deliveryservice.authgateway.database;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import org.reactivestreams.Publisher;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.connection.SingleConnectionFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;

/**
 * The one way to PostgreSQL on a request path. Whatever goes wrong with the database
 * itself arrives as {@link DatabaseUnavailableException}; a violated constraint arrives
 * as Spring's {@link DataIntegrityViolationException}.
 */
public class Database {

	private static final Duration CONNECT = Duration.ofSeconds(10);

	private static final Duration CLOSE = Duration.ofSeconds(2);

	private final DatabaseClient client;

	private final TransactionalOperator transaction;

	private final Mono<Void> ready;

	private final Duration deadline;

	private final ConnectionFactory unpooled;

	/**
	 * Works on these connections.
	 * @param connections for each call one
	 * @param unpooled for {@link #alone}
	 * @param ready completes when the schema is there
	 * @param deadline of each call
	 */
	Database(ConnectionFactory connections, ConnectionFactory unpooled, Mono<Void> ready, Duration deadline) {
		this.client = DatabaseClient.create(connections);
		this.transaction = TransactionalOperator.create(new R2dbcTransactionManager(connections));
		this.unpooled = unpooled;
		this.ready = ready;
		this.deadline = deadline;
	}

	/**
	 * Completes when the schema is migrated, at once if it is already. Never fails; what
	 * has to be loaded at the start waits for it.
	 */
	public Mono<Void> ready() {
		return this.ready;
	}

	/**
	 * One statement, or several that need no transaction.
	 * @param <T> of the result
	 * @param work what to do with the client
	 * @return its result; see the class for its failures
	 */
	public <T> Mono<T> one(Function<DatabaseClient, Mono<T>> work) {
		return Mono.defer(() -> work.apply(this.client))
			.timeout(this.deadline)
			.onErrorMap(Database::isUnavailable, Database::unavailable);
	}

	/**
	 * As {@link #one}, for many rows; the deadline is that of each row.
	 * @param <T> of the rows
	 * @param work what to do with the client
	 * @return its rows; see the class for its failures
	 */
	public <T> Flux<T> many(Function<DatabaseClient, Flux<T>> work) {
		return Flux.defer(() -> work.apply(this.client))
			.timeout(this.deadline)
			.onErrorMap(Database::isUnavailable, Database::unavailable);
	}

	/**
	 * Everything in one transaction (READ COMMITTED), rolled back on any failure. After a
	 * deadlock or a serialization failure it is tried once more.
	 * @param <T> of the result
	 * @param work what to do with the client; may be called twice
	 * @return its result after the commit; see the class for its failures
	 */
	public <T> Mono<T> inTransaction(Function<DatabaseClient, Mono<T>> work) {
		return Mono.defer(() -> work.apply(this.client))
			.as(this.transaction::transactional)
			.retryWhen(Retry.max(1).filter(ConcurrencyFailureException.class::isInstance))
			.timeout(this.deadline)
			.onErrorMap(Database::isUnavailable, Database::unavailable);
	}

	/**
	 * For work that takes long, or has to stay on one connection, such as one that holds
	 * a lock: on a connection of its own outside the pool, which is closed at the end,
	 * whatever that is. Nothing of it is tried twice.
	 * @param <T> of the result
	 * @param patience the deadline of each of its calls
	 * @param work what to do on that connection, one call after the other
	 * @return its results; see the class for its failures
	 */
	public <T> Flux<T> alone(Duration patience, Function<Database, Publisher<T>> work) {
		return Flux
			.usingWhen(Mono.from(this.unpooled.create()).timeout(CONNECT),
					(connection) -> work.apply(on(connection, patience)),
					(connection) -> Mono.from(connection.close()).timeout(CLOSE).onErrorComplete())
			.onErrorMap(Database::isUnavailable, Database::unavailable);
	}

	private Database on(Connection connection, Duration patience) {
		ConnectionFactory one = new SingleConnectionFactory(connection, this.unpooled.getMetadata(), true);
		return new Database(one, this.unpooled, this.ready, patience);
	}

	private static boolean isUnavailable(Throwable failure) {
		if (failure instanceof DataIntegrityViolationException) {
			return false;
		}
		return failure instanceof DataAccessException || failure instanceof R2dbcException
				|| failure instanceof TransactionException || failure instanceof TimeoutException
				|| Exceptions.isRetryExhausted(failure);
	}

	private static DatabaseUnavailableException unavailable(Throwable failure) {
		return new DatabaseUnavailableException(failure);
	}

}
