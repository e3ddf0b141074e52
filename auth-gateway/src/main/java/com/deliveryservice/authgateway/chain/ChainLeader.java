package com.deliveryservice.authgateway.chain;

import java.time.Clock;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Lets one replica at a time append to the chain: whose connection holds an advisory
 * lock. The others ask for it from time to time, each on a connection of its own outside
 * the pool. A lifecycle bean: it subscribes.
 */
@Component
class ChainLeader implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(ChainLeader.class);

	/** "auth.aud" */
	static final long LOCK = 0x617574682e617564L;

	/** Below that of the writer of notes: stops after it, and chains what it wrote. */
	static final int PHASE = DEFAULT_PHASE - 16384;

	private static final Duration EVERY = Duration.ofMillis(500);

	private static final Duration ASK_EVERY = Duration.ofSeconds(2);

	/** Of each transaction; retention's are the longest. */
	/**
	 * A wrong encryption key is told, and ends the process, where the keys are unlocked.
	 */
	private static final Duration KEYS_FIRST = Duration.ofSeconds(2);

	private static final Duration DEADLINE = Duration.ofSeconds(5);

	private static final Duration ASK_END = Duration.ofMillis(20);

	private static final Duration LAST_ROUND = Duration.ofSeconds(3);

	/**
	 * A leader that is cut off, or hangs, loses the lock when it has been silent for this
	 * long: PostgreSQL ends its connection.
	 */
	private static final String LEASE = """
			SELECT set_config('idle_session_timeout', '15s', false),
			    set_config('idle_in_transaction_session_timeout', '10s', false)
			""";

	private static final String ASK = "SELECT pg_try_advisory_lock(:lock) AS leads";

	private final Database database;

	private final Appending appending;

	private final Retention retention;

	private final ChainMeters meters;

	private final AuditSettings settings;

	private final Clock clock;

	private volatile Sinks.Empty<Void> stopping = Sinks.empty();

	private volatile @Nullable Disposable running;

	private volatile String lastFailure = "";

	ChainLeader(Database database, Appending appending, Retention retention, ChainMeters meters, AuditSettings settings,
			Clock clock) {
		this.database = database;
		this.appending = appending;
		this.retention = retention;
		this.meters = meters;
		this.settings = settings;
		this.clock = clock;
	}

	@Override
	public void start() {
		this.stopping = Sinks.empty();
		Mono<Void> stop = this.stopping.asMono();
		this.running = this.database.ready()
			.then(Mono.delay(KEYS_FIRST))
			.thenMany(Flux.defer(() -> term(stop))
				.repeatWhen((ends) -> ends.takeWhile((end) -> isRunning()).delayElements(ASK_EVERY)))
			.subscribe();
	}

	@Override
	public void stop() {
		stop(() -> {
		});
	}

	/**
	 * A leader chains what is there, tells the head and lets the lock go.
	 */
	@Override
	public void stop(Runnable callback) {
		Disposable leading = this.running;
		this.running = null;
		if (leading == null) {
			callback.run();
			return;
		}
		this.stopping.tryEmitEmpty();
		Flux.interval(Duration.ZERO, ASK_END)
			.takeWhile((tick) -> this.meters.isLeading())
			.take(LAST_ROUND)
			.doFinally((signal) -> {
				leading.dispose();
				callback.run();
			})
			.subscribe();
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
	 * From a new connection to its end; never fails.
	 */
	private Flux<Void> term(Mono<Void> stop) {
		return this.database
			.<Void>alone(DEADLINE,
					(own) -> run(own, LEASE).then(ask(own, stop)).flatMap((leads) -> lead(own, stop)).flux())
			.doOnError(this::lost)
			.onErrorComplete()
			.doFinally((signal) -> this.meters.leading(false));
	}

	/**
	 * Completes with a value once the lock is here, empty when nobody wants it any more.
	 */
	private static Mono<Boolean> ask(Database own, Mono<Void> stop) {
		return own
			.one((client) -> client.sql(ASK)
				.bind("lock", LOCK)
				.map((row) -> Boolean.TRUE.equals(row.get("leads", Boolean.class)))
				.one())
			.filter((leads) -> leads)
			.repeatWhenEmpty((attempts) -> attempts.delayElements(ASK_EVERY).takeUntilOther(stop));
	}

	private Mono<Void> lead(Database own, Mono<Void> stop) {
		Leading leading = new Leading(own, this.appending, this.retention, this.meters, this.clock);
		return leading.begin(String.valueOf(this.settings.lostKeyId()))
			.then(Mono.fromRunnable(this::won))
			.thenMany(Flux.interval(Duration.ZERO, EVERY)
				.onBackpressureDrop()
				.takeUntilOther(stop)
				.concatMap((tick) -> leading.round(), 0))
			.then(Mono.defer(leading::end));
	}

	private void won() {
		this.meters.leading(true);
		this.lastFailure = "";
		logger.info("This replica appends to the audit chain");
	}

	private void lost(Throwable failure) {
		String reason = String.valueOf(failure.getMessage());
		if (failure instanceof UnknownKeyException && !reason.equals(this.lastFailure)) {
			logger.error(reason);
		}
		else if (this.meters.isLeading()) {
			logger.warn("This replica appends to the audit chain no more: {}", reason);
		}
		this.lastFailure = reason;
	}

	private static Mono<Void> run(Database own, String sql) {
		return own.one((client) -> client.sql(sql).fetch().rowsUpdated()).then();
	}

}
