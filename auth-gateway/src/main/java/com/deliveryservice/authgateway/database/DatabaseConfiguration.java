package com.deliveryservice.authgateway.database;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.r2dbc.autoconfigure.ConnectionFactoryOptionsBuilderCustomizer;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;

/**
 * The pool's bounds are in {@code application.yaml} ({@code spring.r2dbc.pool.*}); those
 * of the connection and the server are here. None is infinite.
 */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

	@Bean
	ConnectionFactoryOptionsBuilderCustomizer connectionBounds(ObjectProvider<DatabasePatience> other) {
		DatabasePatience patience = other.getIfAvailable(() -> DatabasePatience.OF_REQUESTS);
		return (options) -> options.option(ConnectionFactoryOptions.CONNECT_TIMEOUT, patience.connect())
			.option(ConnectionFactoryOptions.STATEMENT_TIMEOUT, patience.statement())
			.option(ConnectionFactoryOptions.LOCK_WAIT_TIMEOUT, patience.lock())
			.option(PostgresqlConnectionFactoryProvider.TCP_KEEPALIVE, true)
			.option(Option.valueOf("applicationName"), "auth-gateway");
	}

	@Bean
	Migration migration(R2dbcProperties properties) {
		return new Migration(JdbcUrl.of(properties), properties.getUsername(), properties.getPassword());
	}

	@Bean
	Database database(ConnectionFactory connectionFactory, Migration migration,
			ObjectProvider<DatabasePatience> other) {
		return new Database(connectionFactory, Unpooled.of(connectionFactory), migration.done(),
				other.getIfAvailable(() -> DatabasePatience.OF_REQUESTS).call());
	}

}
