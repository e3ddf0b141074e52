package com.deliveryservice.authgateway.database;

import org.springframework.boot.r2dbc.OptionsCapableConnectionFactory;

import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;

/**
 * Connections that somebody keeps for long: outside the pool, to the same database with
 * the same bounds.
 */
public final class Unpooled {

	private Unpooled() {
	}

	/**
	 * Makes them of what the pool is made of.
	 */
	public static ConnectionFactory of(ConnectionFactory pool) {
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
