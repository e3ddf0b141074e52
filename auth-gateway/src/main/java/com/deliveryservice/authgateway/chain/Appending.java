package com.deliveryservice.authgateway.chain;

import java.util.ArrayList;
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
 * Gives waiting events their places in the chain. Their order is that in which they are
 * found: an event that commits late gets a later number, and none is passed over.
 */
@Component
class Appending {

	static final int BATCH = 500;

	private static final Logger logger = LoggerFactory.getLogger(Appending.class);

	private final TrailKeys keys;

	private final AuditTrail trail;

	private final ChainMeters meters;

	private final OldKeys oldKeys;

	Appending(TrailKeys keys, AuditTrail trail, ChainMeters meters) {
		this.keys = keys;
		this.trail = trail;
		this.meters = meters;
		this.oldKeys = new OldKeys(keys);
	}

	/**
	 * Makes sure that this replica can go on with the chain: it knows the key that it
	 * ends under, and keeps that key if it is not the current one any more.
	 * @param own the leader's connection
	 * @param lostKeyId a key that may be unknown
	 * @return the head to go on from; fails with {@link UnknownKeyException}
	 */
	Mono<Head> begin(Database own, String lostKeyId) {
		return own.inTransaction((client) -> this.oldKeys.renew(client)
			.then(ChainRows.head(client))
			.flatMap((head) -> isReplaced(head) ? replaceKey(client, head, lostKeyId) : Mono.just(head)));
	}

	/**
	 * One batch.
	 * @param own the leader's connection
	 * @return what was added, in its order
	 */
	Mono<Added> append(Database own) {
		return own.inTransaction((client) -> ChainRows.head(client).flatMap((head) -> append(client, head)));
	}

	private boolean isReplaced(Head head) {
		return head.keyId() != null && !head.keyId().equals(this.keys.currentId());
	}

	private Mono<Head> replaceKey(DatabaseClient client, Head head, String lostKeyId) {
		String id = String.valueOf(head.keyId());
		boolean known = this.keys.own().has(id);
		if (!known && !id.equals(lostKeyId)) {
			return Mono.error(new UnknownKeyException(id));
		}
		SecurityEvent event = SecurityEvent.of(EventType.AUDIT_KEY_CHANGED)
			.with("from", id)
			.with("to", this.keys.currentId())
			.with("lost", !known);
		return (known ? this.oldKeys.keep(client, head) : Mono.<Void>empty()).then(this.trail.append(client, event))
			.then(Mono.defer(() -> append(client, head)))
			.map(Added::after);
	}

	private Mono<Added> append(DatabaseClient client, Head head) {
		return ChainRows.waiting(client, this.keys.own().ids(), BATCH)
			.collectList()
			.publishOn(Schedulers.boundedElastic())
			.map((events) -> link(head, events))
			.flatMap((links) -> ChainRows.append(client, links).thenReturn(Added.of(head, links)));
	}

	private List<Link> link(Head before, List<SealedEvent> events) {
		List<Link> links = new ArrayList<>(events.size());
		Head head = before;
		for (SealedEvent event : events) {
			Standing standing = standing(head, event);
			if (standing == Standing.FORGED) {
				logger.error("In the audit table is {}, which no gateway wrote", event);
				this.meters.found();
			}
			Link link = Link.of(head, event, standing, this.keys.currentId(), this.keys.own());
			links.add(link);
			head = link.asHead();
		}
		return links;
	}

	private Standing standing(Head head, SealedEvent event) {
		if (!event.isSealed() && head.olderOnly()) {
			return Standing.OLDER;
		}
		return event.isGenuine(this.keys.own()) ? Standing.SEALED : Standing.FORGED;
	}

	/**
	 * What a batch added.
	 *
	 * @param before where the chain ended
	 * @param after where it ends
	 * @param count how many links
	 */
	record Added(Head before, Head after, int count) {

		static Added of(Head before, List<Link> links) {
			return new Added(before, links.isEmpty() ? before : links.get(links.size() - 1).asHead(), links.size());
		}

	}

}
