package com.deliveryservice.authgateway.protection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deletes counters that count no more, in batches and off every request path: whoever
 * guesses at made-up logins would fill the table else.
 */
class ThrottlePurge implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(ThrottlePurge.class);

	private static final Duration EVERY = Duration.ofMinutes(5);

	private static final String COUNTERS = """
			DELETE FROM auth.throttle WHERE key IN (
			  SELECT key FROM auth.throttle WHERE updated_at < now() - make_interval(secs => :seconds)
			  ORDER BY updated_at LIMIT :most FOR UPDATE SKIP LOCKED)""";

	private static final String SPRAYED = """
			DELETE FROM auth.throttle_spray WHERE (address, account) IN (
			  SELECT address, account FROM auth.throttle_spray WHERE failed_at < now() - make_interval(secs => :seconds)
			  ORDER BY failed_at LIMIT :most FOR UPDATE SKIP LOCKED)""";

	private static final String UNDER_WAY = """
			DELETE FROM auth.sign_in_under_way WHERE key IN (
			  SELECT key FROM auth.sign_in_under_way WHERE until < now() - make_interval(secs => :seconds)
			  ORDER BY until LIMIT :most FOR UPDATE SKIP LOCKED)""";

	/** Small enough that nobody waits long for a row. */
	private static final int BATCH = 5000;

	private final Database database;

	private final int batch;

	private volatile @Nullable Disposable running;

	ThrottlePurge(Database database) {
		this(database, BATCH);
	}

	ThrottlePurge(Database database, int batch) {
		this.database = database;
		this.batch = batch;
	}

	@Override
	public void start() {
		this.running = Flux.interval(EVERY).onBackpressureDrop().concatMap((tick) -> purgeCalmly()).subscribe();
	}

	@Override
	public void stop() {
		Disposable disposable = this.running;
		if (disposable != null) {
			disposable.dispose();
		}
		this.running = null;
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

	/**
	 * Deletes all that counts no more.
	 * @return how many rows
	 */
	Mono<Long> purge() {
		return purge(COUNTERS, FailureCounters.FORGOTTEN_AFTER)
			.flatMap((deleted) -> purge(SPRAYED, (double) ProtectionSettings.SPRAY_WINDOW.toSeconds())
				.map((more) -> deleted + more))
			.flatMap((deleted) -> purge(UNDER_WAY, 0).map((more) -> deleted + more));
	}

	private Mono<Long> purge(String sql, double olderThan) {
		return this.database
			.one((client) -> client.sql(sql).bind("seconds", olderThan).bind("most", this.batch).fetch().rowsUpdated())
			.repeat()
			.takeUntil((deleted) -> deleted < this.batch)
			.reduce(Long::sum);
	}

	private Mono<Long> purgeCalmly() {
		return purge().timeout(EVERY).onErrorResume((failure) -> {
			logger.debug("Throttle counters are purged later: {}", failure.toString());
			return Mono.empty();
		});
	}

}
