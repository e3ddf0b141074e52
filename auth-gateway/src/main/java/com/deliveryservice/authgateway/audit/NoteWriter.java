package com.deliveryservice.authgateway.audit;

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
 * Brings noted events to the database in batches, off every request path; what could not
 * be written stays and is tried again. At the end of the process it writes what is left,
 * after the listeners have closed. A lifecycle bean: it subscribes.
 */
@Component
class NoteWriter implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(NoteWriter.class);

	/** Below those of the listeners: stops after them. */
	private static final int PHASE = DEFAULT_PHASE - 8192;

	private static final Duration EVERY = Duration.ofMillis(250);

	private static final Duration LAST_FLUSH = Duration.ofSeconds(3);

	private static final int BATCH = 200;

	private final Database database;

	private final EventStore store;

	private final Notes notes;

	private volatile @Nullable Disposable running;

	private volatile boolean failing;

	NoteWriter(Database database, EventStore store, Notes notes) {
		this.database = database;
		this.store = store;
		this.notes = notes;
	}

	@Override
	public void start() {
		this.running = this.database.ready()
			.thenMany(Flux.interval(EVERY).onBackpressureDrop().concatMap((tick) -> flush(), 0))
			.subscribe();
	}

	@Override
	public void stop() {
		stop(() -> {
		});
	}

	@Override
	public void stop(Runnable callback) {
		Disposable disposable = this.running;
		this.running = null;
		if (disposable != null) {
			disposable.dispose();
		}
		this.notes.tellAllRepeated();
		flush().timeout(LAST_FLUSH).onErrorComplete().doFinally((signal) -> {
			if (this.notes.queue().size() > 0) {
				logger.error("{} audit events are in the log alone: they could not be written before the end",
						this.notes.queue().size());
			}
			callback.run();
		}).subscribe();
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * Writes all that waits; never fails.
	 */
	Mono<Void> flush() {
		return Mono.fromRunnable(this.notes::tellRepeated)
			.then(Mono.defer(this::writeBatch))
			.repeat(() -> this.notes.queue().size() > 0)
			.then(Mono.fromRunnable(this::succeeded))
			.then()
			.onErrorResume(this::failed);
	}

	private Mono<Void> writeBatch() {
		List<RecordedEvent> batch = this.notes.queue().oldest(BATCH);
		if (batch.isEmpty()) {
			return Mono.empty();
		}
		return this.database.inTransaction((client) -> this.store.insert(client, batch))
			.then(Mono.fromRunnable(() -> this.notes.queue().remove(batch)));
	}

	private void succeeded() {
		if (this.failing) {
			logger.info("Audit events are written to the database again");
		}
		this.failing = false;
		this.notes.tellDropped();
	}

	private Mono<Void> failed(Throwable failure) {
		if (!this.failing) {
			logger.warn("Audit events wait for the database: {}", failure.getMessage());
		}
		this.failing = true;
		return Mono.empty();
	}

}
