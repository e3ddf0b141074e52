package com.deliveryservice.authgateway.revocation;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.key.TokenSettings;
import com.deliveryservice.authgateway.testing.TestDatabase;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;

/**
 * What one replica knows of ended sessions: it listens over one port and polls over
 * another, which may be proxies.
 */
final class ReplicaFixture implements AutoCloseable {

	static final TokenSettings TOKENS = new TokenSettings(Duration.ofMinutes(5), "delivery-api", Duration.ofSeconds(10),
			Duration.ofMinutes(15));

	final EndedSessionRegistry registry;

	final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	final AtomicInteger keyChanges = new AtomicInteger();

	final Notifications notifications;

	private final RevocationFeed feed;

	private final MigratedDatabase pool;

	ReplicaFixture(TestDatabase database, int listenPort, int poolPort, Duration pollEvery, Duration maxStaleness) {
		Clock clock = Clock.systemUTC();
		RevocationSettings settings = new RevocationSettings(pollEvery, maxStaleness);
		this.pool = MigratedDatabase.over(new TestDatabase(database.host(), poolPort, database.name()));
		this.registry = new EndedSessionRegistry(clock, TOKENS, settings);
		EndedSessionReader reader = new EndedSessionReader(this.registry, clock);
		this.notifications = new Notifications(connections(database, listenPort), reader, this.registry,
				new RevocationMeters(this.meters, this.registry), this.keyChanges::incrementAndGet, clock);
		this.feed = new RevocationFeed(this.pool.database(), this.notifications, reader, settings);
		this.feed.start();
	}

	@Override
	public void close() {
		this.feed.stop();
		this.pool.close();
	}

	private static ConnectionFactory connections(TestDatabase database, int port) {
		return ConnectionFactories.get(ConnectionFactoryOptions.parse(database.r2dbcUrl())
			.mutate()
			.option(ConnectionFactoryOptions.PORT, port)
			.option(ConnectionFactoryOptions.USER, database.username())
			.option(ConnectionFactoryOptions.PASSWORD, database.password())
			.option(ConnectionFactoryOptions.CONNECT_TIMEOUT, Duration.ofSeconds(1))
			.build());
	}

}
