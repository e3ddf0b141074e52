package com.deliveryservice.authgateway.revocation;

import java.time.Clock;

import org.springframework.boot.r2dbc.OptionsCapableConnectionFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.key.KeyChanges;

import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;

@Configuration(proxyBeanMethods = false)
class RevocationConfiguration {

	@Bean
	RevocationFeed revocationFeed(Database database, EndedSessionReader reader, Notifications notifications,
			RevocationSettings settings) {
		return new RevocationFeed(database, notifications, reader, settings);
	}

	@Bean
	Notifications notifications(ConnectionFactory pool, EndedSessionReader reader, EndedSessionRegistry registry,
			RevocationMeters meters, KeyChanges keys, Clock clock) {
		return new Notifications(unpooled(pool), reader, registry, meters, keys, clock);
	}

	/** The same database with the same bounds, without the pool. */
	static ConnectionFactory unpooled(ConnectionFactory pool) {
		OptionsCapableConnectionFactory configured = OptionsCapableConnectionFactory.unwrapFrom(pool);
		if (configured == null) {
			throw new IllegalStateException("the options of the connection pool cannot be had");
		}
		ConnectionFactoryOptions options = configured.getOptions();
		Object driver = options.getValue(ConnectionFactoryOptions.DRIVER);
		Object protocol = options.getValue(ConnectionFactoryOptions.PROTOCOL);
		if ("pool".equals(driver) && protocol != null) {
			options = options.mutate().option(ConnectionFactoryOptions.DRIVER, protocol.toString()).build();
		}
		return ConnectionFactories.get(options);
	}

}
