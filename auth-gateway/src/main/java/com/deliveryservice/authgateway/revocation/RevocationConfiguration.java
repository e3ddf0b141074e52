package com.deliveryservice.authgateway.revocation;

import java.time.Clock;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.Unpooled;
import com.deliveryservice.authgateway.key.KeyChanges;

import io.r2dbc.spi.ConnectionFactory;

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
		return new Notifications(Unpooled.of(pool), reader, registry, meters, keys, clock);
	}

}
