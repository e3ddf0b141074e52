package com.deliveryservice.authgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.ConnectionEvent;
import javax.sql.ConnectionEventListener;
import javax.sql.PooledConnection;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * An empty database of its own on the one real PostgreSQL of this JVM, which is started
 * when first asked for and ends with the JVM.
 *
 * @param host of the server
 * @param port of the server
 * @param name of the database
 */
public record TestDatabase(String host, int port, String name) {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static final int VALIDATION_SECONDS = 5;

	private static final Map<TestDatabase, PooledConnection> KEPT = new ConcurrentHashMap<>();

	/**
	 * Creates an empty database.
	 */
	public static TestDatabase create() {
		return create("template1");
	}

	/**
	 * Creates another with the same content. Nobody may be connected to this one.
	 */
	public TestDatabase copy() {
		return create(this.name);
	}

	private static TestDatabase create(String template) {
		int port = Server.INSTANCE.getPort();
		TestDatabase database = new TestDatabase("localhost", port, "test" + COUNT.incrementAndGet());
		new TestDatabase("localhost", port, "postgres")
			.execute("CREATE DATABASE " + database.name() + " TEMPLATE " + template);
		return database;
	}

	public String username() {
		return "postgres";
	}

	public String password() {
		return "postgres";
	}

	public String r2dbcUrl() {
		return "r2dbc:postgresql://" + this.host + ":" + this.port + "/" + this.name;
	}

	public String jdbcUrl() {
		return "jdbc:postgresql://" + this.host + ":" + this.port + "/" + this.name;
	}

	/**
	 * Runs SQL over JDBC, for preparing and looking: the code under test uses R2DBC.
	 */
	public void execute(String sql) {
		try (Connection connection = open(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	/**
	 * A JDBC connection that the caller closes. One is kept for the next who asks: a
	 * backend process for each look would cost more than the look.
	 */
	public Connection open() throws SQLException {
		PooledConnection kept = KEPT.remove(this);
		if (kept != null) {
			Connection connection = kept.getConnection();
			if (connection.isValid(VALIDATION_SECONDS)) {
				forgetSettings(connection);
				return connection;
			}
			kept.close();
		}
		return connect().getConnection();
	}

	/**
	 * Closes the connection that is kept, if there is one.
	 */
	public void forget() {
		PooledConnection kept = KEPT.remove(this);
		if (kept != null) {
			new Keeper(this, kept).end();
		}
	}

	/** Also that triggers were switched off. */
	private static void forgetSettings(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("DISCARD ALL");
		}
	}

	private PooledConnection connect() throws SQLException {
		PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
		source.setUrl(jdbcUrl());
		PooledConnection connection = source.getPooledConnection(username(), password());
		connection.addConnectionEventListener(new Keeper(this, connection));
		return connection;
	}

	/**
	 * Keeps what was closed, if none is kept yet.
	 */
	private record Keeper(TestDatabase database, PooledConnection connection) implements ConnectionEventListener {

		@Override
		public void connectionClosed(ConnectionEvent event) {
			if (KEPT.putIfAbsent(this.database, this.connection) != null) {
				end();
			}
		}

		@Override
		public void connectionErrorOccurred(ConnectionEvent event) {
			end();
		}

		private void end() {
			try {
				this.connection.close();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	private static final class Server {

		/**
		 * It need not outlive its machine, nor clean up behind so many small databases.
		 */
		private static final Map<String, String> SETTINGS = Map.of("fsync", "off", "full_page_writes", "off",
				"synchronous_commit", "off", "wal_level", "minimal", "max_wal_senders", "0", "autovacuum", "off",
				"checkpoint_timeout", "1h");

		private static final EmbeddedPostgres INSTANCE = start();

		private static EmbeddedPostgres start() {
			try {
				EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
				SETTINGS.forEach(builder::setServerConfig);
				return builder.start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
