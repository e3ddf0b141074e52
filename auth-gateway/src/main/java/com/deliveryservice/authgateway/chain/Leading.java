package com.deliveryservice.authgateway.chain;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.deliveryservice.authgateway.chain.Appending.Added;
import com.deliveryservice.authgateway.chain.ChainMeters.Backlog;
import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import tools.jackson.databind.json.JsonMapper;

/**
 * One term as the leader, on the connection that holds the lock: when that is lost, so is
 * the term, and nothing can be written in its name any more.
 */
final class Leading {

	private static final Logger logger = LoggerFactory.getLogger(Leading.class);

	/** The stream of security events, which the head of the chain belongs to. */
	private static final Logger stream = LoggerFactory.getLogger("audit");

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final Duration TELL_EVERY = Duration.ofMinutes(1);

	private static final Duration CUT_EVERY = Duration.ofHours(1);

	private static final String BACKLOG = """
			SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(e.at)), 0)::float8 AS oldest
			FROM auth.audit_unchained u LEFT JOIN auth.audit_event e ON e.id = u.event_id
			""";

	private final Database own;

	private final Appending appending;

	private final Retention retention;

	private final ChainMeters meters;

	private final Clock clock;

	private volatile @Nullable Head head;

	private volatile long tellAt;

	private volatile long cutAt;

	Leading(Database own, Appending appending, Retention retention, ChainMeters meters, Clock clock) {
		this.own = own;
		this.appending = appending;
		this.retention = retention;
		this.meters = meters;
		this.clock = clock;
	}

	/**
	 * Makes this replica ready to go on.
	 */
	Mono<Void> begin(String lostKeyId) {
		return this.appending.begin(this.own, lostKeyId).doOnNext((found) -> this.head = found).then();
	}

	/**
	 * Appends what waits, tells the head and cuts when it is time.
	 */
	Mono<Void> round() {
		return appendAll().then(Mono.defer(this::measure))
			.then(Mono.defer(() -> (this.clock.millis() >= this.cutAt) ? cut() : Mono.empty()));
	}

	/**
	 * The last round: tells the head in any case.
	 */
	Mono<Void> end() {
		this.tellAt = 0;
		return appendAll().then(Mono.defer(this::measure));
	}

	private Mono<Void> appendAll() {
		return Flux.defer(() -> this.appending.append(this.own))
			.doOnNext(this::note)
			.repeat()
			.takeUntil((added) -> added.count() < Appending.BATCH)
			.then();
	}

	private void note(Added added) {
		Head known = this.head;
		if (known != null && !known.isSame(added.before())) {
			logger.error("The audit chain was changed behind its leader's back: it ended at {}, and now at {}",
					known.digest(), added.before().digest());
			this.meters.found();
		}
		this.head = added.after();
	}

	private Mono<Void> measure() {
		return this.own
			.one((client) -> client.sql(BACKLOG)
				.map((row) -> new Backlog(Objects.requireNonNull(row.get("count", Long.class)),
						Objects.requireNonNull(row.get("oldest", Double.class))))
				.one())
			.doOnNext(this.meters::waiting)
			.doOnNext(this::tell)
			.then();
	}

	/** So that a log somewhere else knows how far the chain had come. */
	private void tell(Backlog backlog) {
		Head known = this.head;
		if (known == null || this.clock.millis() < this.tellAt) {
			return;
		}
		this.tellAt = this.clock.millis() + TELL_EVERY.toMillis();
		Map<String, Object> line = new LinkedHashMap<>();
		line.put("at", this.clock.instant().toString());
		line.put("type", "chain_head");
		line.put("head", known.digest());
		line.put("waiting", backlog.count());
		stream.info(JSON.writeValueAsString(line));
	}

	/** A slice at a time, so that appending does not wait long. */
	private Mono<Void> cut() {
		return this.retention.cut(this.own)
			.doOnNext((deleted) -> this.cutAt = (deleted > 0) ? 0 : this.clock.millis() + CUT_EVERY.toMillis())
			.then();
	}

}
