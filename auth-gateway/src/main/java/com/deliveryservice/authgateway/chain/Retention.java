package com.deliveryservice.authgateway.chain;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Cuts what is older than it is to be kept, from the chain's beginning: verifies it
 * first, so that nobody gets a row removed by making it look old; signs where it cut;
 * then deletes. What is not whole is not cut, and waits for a person.
 */
@Component
class Retention {

	static final int PAGE = 1000;

	private static final Logger logger = LoggerFactory.getLogger(Retention.class);

	private final TrailKeys keys;

	private final OldKeys oldKeys;

	private final AuditTrail trail;

	private final AuditSettings settings;

	private final Clock clock;

	private final ChainMeters meters;

	private volatile long toldAbout = -1;

	Retention(TrailKeys keys, AuditTrail trail, AuditSettings settings, Clock clock, ChainMeters meters) {
		this.keys = keys;
		this.oldKeys = new OldKeys(keys);
		this.trail = trail;
		this.settings = settings;
		this.clock = clock;
		this.meters = meters;
	}

	/**
	 * One batch: deletes what is left in front of the last checkpoint, else cuts further.
	 * @param own the leader's connection
	 * @return how many links were deleted; 0: nothing is due
	 */
	Mono<Long> cut(Database own) {
		return own.inTransaction(this::deleteLeft)
			.filter((deleted) -> deleted > 0)
			.switchIfEmpty(Mono.defer(() -> own.inTransaction(this::cutFurther)));
	}

	private Mono<Long> deleteLeft(DatabaseClient client) {
		return ChainRows.lastCheckpoint(client)
			.flatMap((checkpoint) -> ChainRows.page(client, 0, 1)
				.filter((first) -> !first.isEmpty() && first.get(0).number() <= checkpoint.number())
				.flatMap((first) -> deleteFrom(client, first.get(0).number(), checkpoint.number())))
			.defaultIfEmpty(0L);
	}

	private static Mono<Long> deleteFrom(DatabaseClient client, long first, long checkpoint) {
		long last = Math.min(first + PAGE - 1, checkpoint);
		return ChainRows.delete(client, first, last).thenReturn(last - first + 1);
	}

	private Mono<Long> cutFurther(DatabaseClient client) {
		Instant limit = this.clock.instant().minus(this.settings.retention());
		return Mono
			.zip(ChainRows.lastCheckpoint(client).map(Checkpoint::asHead).defaultIfEmpty(Head.NONE), allKeys(client))
			.flatMap((from) -> ChainRows.page(client, from.getT1().number(), PAGE)
				.publishOn(Schedulers.boundedElastic())
				.map((links) -> lastDue(from.getT1(), links, limit, from.getT2()))
				.filter((due) -> due.number() > from.getT1().number())
				.flatMap((due) -> cut(client, from.getT1(), due)))
			.defaultIfEmpty(0L);
	}

	private Mono<Long> cut(DatabaseClient client, Head from, Head due) {
		Instant now = this.clock.instant().truncatedTo(ChronoUnit.MICROS);
		SecurityEvent event = SecurityEvent.of(EventType.EVENTS_EXPIRED)
			.with("count", due.number() - from.number())
			.with("until", due.number());
		return ChainRows.lastCheckpoint(client)
			.map(Checkpoint::signature)
			.defaultIfEmpty(Checkpoint.NONE_BEFORE)
			.map((before) -> Checkpoint.sign(due, now, before, this.keys.currentId(), this.keys.own()))
			.flatMap((checkpoint) -> ChainRows.add(client, checkpoint))
			.then(this.trail.append(client, event))
			.then(ChainRows.delete(client, from.number() + 1, due.number()))
			.thenReturn(due.number() - from.number());
	}

	/**
	 * The last of these that is due, with everything before it whole.
	 */
	private Head lastDue(Head from, List<Link> links, Instant limit, MacKeys all) {
		Head last = from;
		for (Link link : links) {
			if (link.number() != last.number() + 1 || !link.follows(last.mac(), all)) {
				tell(link);
				return last;
			}
			if (link.event() == null || !link.event().event().at().isBefore(limit)) {
				return last;
			}
			last = link.asHead();
		}
		return last;
	}

	private void tell(Link link) {
		if (this.toldAbout != link.number()) {
			logger.error("The audit chain is broken at {}: it is not cut any further (run audit-verify)", link);
			this.meters.found();
		}
		this.toldAbout = link.number();
	}

	private Mono<MacKeys> allKeys(DatabaseClient client) {
		return this.oldKeys.list(client)
			.collectMap(OldKeys.OldKey::id, OldKeys.OldKey::keyBytes)
			.map(this.keys.own()::and);
	}

}
