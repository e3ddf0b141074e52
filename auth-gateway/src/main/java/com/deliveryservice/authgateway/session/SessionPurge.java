package com.deliveryservice.authgateway.session;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deletes what is over for a day or more: in small batches, each a statement of its own
 * that passes over rows which somebody else has locked, so that nobody ever waits for it.
 * Every replica does so. A lifecycle bean: it subscribes.
 */
@Component
class SessionPurge implements SmartLifecycle {

	static final int BATCH = 2000;

	/**
	 * A session at its absolute end, or ended. One that is only idle waits for the
	 * former.
	 */
	static final String OVER = "(s.expires_at < now() - interval '1 day' OR s.ended_at < now() - interval '1 day')";

	/** Chains first, since one may be thousands of tokens long. */
	static final String TOKENS = """
			DELETE FROM auth.refresh_token WHERE digest IN (
			    SELECT t.digest FROM auth.session s JOIN auth.refresh_token t ON t.session_id = s.id
			    WHERE %s LIMIT :batch FOR UPDATE OF t SKIP LOCKED)
			""".formatted(OVER);

	static final String SESSIONS = """
			DELETE FROM auth.session WHERE id IN (
			    SELECT s.id FROM auth.session s
			    WHERE %s AND NOT EXISTS (SELECT 1 FROM auth.refresh_token t WHERE t.session_id = s.id)
			    LIMIT :batch FOR UPDATE SKIP LOCKED)
			""".formatted(OVER);

	/** Longer than any token can pass after its session ended. */
	static final String EVENTS = """
			DELETE FROM auth.session_event WHERE id IN (
			    SELECT id FROM auth.session_event WHERE ended_at < now() - interval '2 days'
			    ORDER BY ended_at LIMIT :batch FOR UPDATE SKIP LOCKED)
			""";

	/** Longer than any overlap. */
	private static final String OUTAGES = """
			DELETE FROM auth.database_outage WHERE ended_at IN (
			    SELECT ended_at FROM auth.database_outage WHERE ended_at < now() - interval '2 days'
			    LIMIT :batch FOR UPDATE SKIP LOCKED)
			""";

	private static final Logger logger = LoggerFactory.getLogger(SessionPurge.class);

	private static final Duration EVERY = Duration.ofMinutes(1);

	private static final int BATCHES_IN_A_ROUND = 50;

	private final Database database;

	private volatile @Nullable Disposable running;

	SessionPurge(Database database) {
		this.database = database;
	}

	@Override
	public void start() {
		this.running = this.database.ready()
			.thenMany(Flux.interval(EVERY).onBackpressureDrop().concatMap((tick) -> purge().onErrorComplete(), 0))
			.subscribe((ignored) -> {
			}, (failure) -> logger.error("Sessions are purged no more", failure));
	}

	@Override
	public void stop() {
		Disposable purging = this.running;
		if (purging != null) {
			purging.dispose();
		}
		this.running = null;
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

	/**
	 * One round.
	 * @return how many rows it deleted
	 */
	Mono<Long> purge() {
		return Flux.fromIterable(List.of(TOKENS, SESSIONS, EVENTS, OUTAGES))
			.concatMap(this::purge, 1)
			.reduce(0L, Long::sum)
			.doOnNext((deleted) -> logger.debug("{} rows are purged", deleted))
			.doOnError((failure) -> logger.debug("Sessions are purged later: {}", failure.toString()));
	}

	private Mono<Long> purge(String statement) {
		return this.database.one((client) -> client.sql(statement).bind("batch", BATCH).fetch().rowsUpdated())
			.repeat(BATCHES_IN_A_ROUND - 1)
			.takeUntil((deleted) -> deleted < BATCH)
			.reduce(0L, Long::sum);
	}

}
