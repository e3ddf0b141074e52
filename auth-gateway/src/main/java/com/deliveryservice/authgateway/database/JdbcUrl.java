package com.deliveryservice.authgateway.database;

import org.springframework.boot.r2dbc.autoconfigure.R2dbcProperties;

/**
 * Derives the migration's JDBC URL from {@code spring.r2dbc.url}, the only place where
 * the database is named.
 */
final class JdbcUrl {

	private static final String EXPECTED = "spring.r2dbc.url: %s (expected r2dbc:postgresql://host:port/database)";

	private JdbcUrl() {
	}

	static String of(R2dbcProperties properties) {
		String url = properties.getUrl();
		if (url == null) {
			throw new IllegalArgumentException(EXPECTED.formatted("missing"));
		}
		String rest = url.startsWith("r2dbc:pool:") ? url.substring("r2dbc:pool:".length())
				: url.substring(Math.min(url.length(), "r2dbc:".length()));
		if (!url.startsWith("r2dbc:") || !(rest.startsWith("postgresql://") || rest.startsWith("postgres://"))) {
			throw new IllegalArgumentException(EXPECTED.formatted(url));
		}
		return "jdbc:postgresql://" + rest.substring(rest.indexOf("://") + 3)
			.replace("sslMode=", "sslmode=")
			.replace("sslRootCert=", "sslrootcert=")
			.replace("sslCert=", "sslcert=")
			.replace("sslKey=", "sslkey=");
	}

}
