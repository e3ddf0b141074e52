package com.deliveryservice.authgateway.session;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes which sessions were in use, in batches and off every request path; while the
 * database is away they wait, as many as there is room for. A lifecycle bean: it
 * subscribes.
 */
@Component
class ActivityNotes implements SessionActivity, SmartLifecycle {

	static final int BATCH = 500;

	private static final Logger logger = LoggerFactory.getLogger(ActivityNotes.class);

	private static final Duration EVERY = Duration.ofSeconds(5);

	private static final int ROOM = 100_000;

	/**
	 * Several replicas may have seen the same session; one write a minute is enough. A
	 * row that somebody else changes just now is left out: its change is as good.
	 */
	static final String WRITE = """
			UPDATE auth.session s SET last_seen_at = now(), idle_expires_at =
			    CASE WHEN used.streams AND s.idle_expires_at > now() THEN least(s.expires_at, now() + s.idle_limit)
			    ELSE s.idle_expires_at END
			FROM (SELECT x.id, noted.streams
			    FROM unnest(CAST(:ids AS uuid[]), CAST(:streams AS boolean[])) AS noted (id, streams)
			    JOIN auth.session x ON x.id = noted.id
			    WHERE x.ended_at IS NULL AND (noted.streams OR x.last_seen_at < now() - interval '50 seconds')
			    ORDER BY x.id FOR UPDATE OF x SKIP LOCKED) AS used
			WHERE s.id = used.id
			""";

	private final Database database;

	private final Counter dropped;

	/** The sessions to write, and whether a stream of them is open. */
	private final ConcurrentHashMap<UUID, Boolean> noted = new ConcurrentHashMap<>();

	private volatile @Nullable Disposable running;

	ActivityNotes(Database database, MeterRegistry meters) {
		this.database = database;
		this.dropped = Counter.builder("auth_gateway.session.activity.dropped")
			.description("Uses of sessions that were not noted, for want of room")
			.register(meters);
	}

	@Override
	public void seen(UUID sessionId) {
		note(sessionId, false);
	}

	@Override
	public void streaming(UUID sessionId) {
		note(sessionId, true);
	}

	@Override
	public void start() {
		this.running = this.database.ready()
			.thenMany(Flux.interval(EVERY).onBackpressureDrop().concatMap((tick) -> write().onErrorComplete(), 0))
			.subscribe((ignored) -> {
			}, (failure) -> logger.error("The use of sessions is noted no more", failure));
	}

	@Override
	public void stop() {
		Disposable writing = this.running;
		if (writing != null) {
			writing.dispose();
		}
		this.running = null;
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

	/**
	 * Writes all that is noted; what fails is noted again.
	 */
	Mono<Void> write() {
		return Mono.defer(() -> {
			Map<UUID, Boolean> batch = take();
			return batch.isEmpty() ? Mono.empty() : write(batch).then(Mono.defer(this::write));
		});
	}

	private Mono<Long> write(Map<UUID, Boolean> batch) {
		return this.database.one((client) -> write(client, batch)).doOnError((failure) -> {
			logger.debug("The use of {} sessions is noted later: {}", batch.size(), failure.getMessage());
			batch.forEach(this::note);
		});
	}

	private static Mono<Long> write(DatabaseClient client, Map<UUID, Boolean> batch) {
		return client.sql(WRITE)
			.bind("ids", batch.keySet().toArray(UUID[]::new))
			.bind("streams", batch.values().toArray(Boolean[]::new))
			.fetch()
			.rowsUpdated();
	}

	private void note(UUID sessionId, boolean streams) {
		if (this.noted.size() >= ROOM && !this.noted.containsKey(sessionId)) {
			this.dropped.increment();
			return;
		}
		this.noted.merge(sessionId, streams, Boolean::logicalOr);
	}

	private Map<UUID, Boolean> take() {
		Map<UUID, Boolean> batch = new LinkedHashMap<>();
		Iterator<UUID> ids = this.noted.keySet().iterator();
		while (ids.hasNext() && batch.size() < BATCH) {
			UUID id = ids.next();
			Boolean streams = this.noted.remove(id);
			if (streams != null) {
				batch.put(id, streams);
			}
		}
		return batch;
	}

}
