package com.deliveryservice.authgateway.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Opens the migration's own bounded connections; there is no JDBC pool.
 */
class JdbcDataSource extends AbstractDataSource {

	private final String url;

	private final @Nullable String username;

	private final @Nullable String password;

	private final Properties bounds;

	JdbcDataSource(String url, @Nullable String username, @Nullable String password, Properties bounds) {
		this.url = url;
		this.username = username;
		this.password = password;
		this.bounds = bounds;
	}

	@Override
	public Connection getConnection() throws SQLException {
		return getConnection(this.username, this.password);
	}

	@Override
	public Connection getConnection(@Nullable String username, @Nullable String password) throws SQLException {
		Properties properties = new Properties();
		properties.putAll(this.bounds);
		if (username != null) {
			properties.setProperty("user", username);
		}
		if (password != null) {
			properties.setProperty("password", password);
		}
		return DriverManager.getConnection(this.url, properties);
	}

}
