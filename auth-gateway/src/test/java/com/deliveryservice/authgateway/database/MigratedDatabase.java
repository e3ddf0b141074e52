package com.deliveryservice.authgateway.database;

import java.time.Duration;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactoryOptions;
import org.flywaydb.core.Flyway;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.testing.TestDatabase;

/**
 * A migrated database of its own for a test class, with a {@link Database} over it and
 * without a Spring context.
 *
 * @param raw for preparing and looking
 * @param database what the code under test uses
 * @param pool to be disposed after the test
 */
public record MigratedDatabase(TestDatabase raw, Database database, ConnectionPool pool) implements AutoCloseable {

	/** More than in production: hundreds of calls at once on a busy machine. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/**
	 * Creates and migrates it.
	 */
	public static MigratedDatabase create() {
		return over(Template.INSTANCE.copy());
	}

	private static TestDatabase migrated() {
		TestDatabase raw = TestDatabase.create();
		Flyway.configure()
			.dataSource(raw.jdbcUrl(), raw.username(), raw.password())
			.schemas("auth")
			.createSchemas(true)
			.locations("classpath:db/migration")
			.load()
			.migrate();
		return raw;
	}

	/**
	 * Another replica's view of the same database.
	 */
	public static MigratedDatabase over(TestDatabase raw) {
		return over(raw, PATIENCE);
	}

	/**
	 * Another replica's view of the same database.
	 * @param deadline of each call
	 */
	public static MigratedDatabase over(TestDatabase raw, Duration deadline) {
		ConnectionFactoryOptions options = ConnectionFactoryOptions.parse(raw.r2dbcUrl())
			.mutate()
			.option(ConnectionFactoryOptions.USER, raw.username())
			.option(ConnectionFactoryOptions.PASSWORD, raw.password())
			.option(ConnectionFactoryOptions.CONNECT_TIMEOUT, Duration.ofSeconds(5))
			.option(ConnectionFactoryOptions.STATEMENT_TIMEOUT, Duration.ofSeconds(10))
			.build();
		ConnectionPool pool = new ConnectionPool(ConnectionPoolConfiguration.builder(ConnectionFactories.get(options))
			.initialSize(0)
			.maxSize(10)
			.build());
		Database database = new Database(pool, ConnectionFactories.get(options), Mono.empty(), deadline);
		return new MigratedDatabase(raw, database, pool);
	}

	/** Migrated once, and then copied. */
	private static final class Template {

		private static final TestDatabase INSTANCE = migrated();

	}

	@Override
	public void close() {
		this.raw.forget();
		// a connection that was cut cannot say goodbye
		this.pool.disposeLater().onErrorComplete().block(PATIENCE);
	}

}
