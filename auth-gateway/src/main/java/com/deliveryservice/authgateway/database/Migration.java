package com.deliveryservice.authgateway.database;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Brings the schema {@code auth} up to date, on a thread of its own, and tries again
 * until the database is there: a start without a database lives, and is not ready.
 */
class Migration implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Migration.class);

	private static final Duration RETRY = Duration.ofSeconds(1);

	private final String jdbcUrl;

	private final @Nullable String username;

	private final @Nullable String password;

	private final Sinks.Empty<Void> done = Sinks.empty();

	private volatile CountDownLatch stopped = new CountDownLatch(0);

	Migration(String jdbcUrl, @Nullable String username, @Nullable String password) {
		this.jdbcUrl = jdbcUrl;
		this.username = username;
		this.password = password;
	}

	/**
	 * Completes once the schema is up to date.
	 */
	Mono<Void> done() {
		return this.done.asMono();
	}

	@Override
	public void start() {
		this.stopped = new CountDownLatch(1);
		Thread thread = new Thread(this::migrateUntilDone, "migration");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void stop() {
		this.stopped.countDown();
	}

	@Override
	public boolean isRunning() {
		return this.stopped.getCount() > 0;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

	private void migrateUntilDone() {
		String lastFailure = "";
		while (isRunning()) {
			try {
				migrate();
				this.done.tryEmitEmpty();
				return;
			}
			catch (FlywayException ex) {
				lastFailure = warnOnce(ex, lastFailure);
			}
			awaitRetry();
		}
	}

	private void migrate() {
		Properties bounds = new Properties();
		bounds.setProperty("connectTimeout", "2");
		bounds.setProperty("loginTimeout", "5");
		bounds.setProperty("socketTimeout", "300");
		Flyway.configure()
			.dataSource(new JdbcDataSource(this.jdbcUrl, this.username, this.password, bounds))
			.schemas("auth")
			.createSchemas(true)
			.locations("classpath:db/migration")
			.load()
			.migrate();
	}

	private String warnOnce(FlywayException ex, String lastFailure) {
		Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
		String failure = String.valueOf(cause.getMessage());
		if (!failure.equals(lastFailure)) {
			logger.warn("The database cannot be migrated yet and is tried every {} s: {}", RETRY.toSeconds(), failure);
		}
		return failure;
	}

	private void awaitRetry() {
		try {
			if (this.stopped.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
				logger.debug("Stopped before the migration was done");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.stopped.countDown();
		}
	}

}
