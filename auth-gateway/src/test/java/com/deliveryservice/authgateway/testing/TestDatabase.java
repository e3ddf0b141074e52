package com.deliveryservice.authgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

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

	/**
	 * Creates an empty database.
	 */
	public static TestDatabase create() {
		int port = Server.INSTANCE.getPort();
		TestDatabase database = new TestDatabase("localhost", port, "test" + COUNT.incrementAndGet());
		new TestDatabase("localhost", port, "postgres").execute("CREATE DATABASE " + database.name());
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
	 * A JDBC connection that the caller closes.
	 */
	public Connection open() throws SQLException {
		return DriverManager.getConnection(jdbcUrl(), username(), password());
	}

	private static final class Server {

		private static final EmbeddedPostgres INSTANCE = start();

		private static EmbeddedPostgres start() {
			try {
				return EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
