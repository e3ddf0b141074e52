package com.deliveryservice.authgateway.chain;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.springframework.r2dbc.core.DatabaseClient;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import tools.jackson.databind.json.JsonMapper;

/**
 * The statements on the chain's tables. All but reading belongs to the leader.
 */
final class ChainRows {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final String LINK = "l.number, l.event_id, l.key_id, encode(l.mac, 'hex') AS mac, l.standing, "
			+ SealedEvent.COLUMNS;

	private static final String LAST = "SELECT " + LINK + """
			 FROM auth.audit_link l LEFT JOIN auth.audit_event e ON e.id = l.event_id
			ORDER BY l.number DESC LIMIT 1
			""";

	private static final String PAGE = "SELECT " + LINK + """
			 FROM auth.audit_link l LEFT JOIN auth.audit_event e ON e.id = l.event_id
			WHERE l.number > :after ORDER BY l.number LIMIT :size
			""";

	private static final String LAST_CHECKPOINT = "SELECT " + Checkpoint.COLUMNS
			+ " FROM auth.audit_checkpoint ORDER BY number DESC LIMIT 1";

	/** Of keys that are known here: others wait for a replica that knows them. */
	private static final String WAITING = "SELECT " + SealedEvent.COLUMNS + """
			 FROM auth.audit_unchained u JOIN auth.audit_event e ON e.id = u.event_id
			WHERE (e.key_id IS NULL OR e.key_id IN (:known))
			  AND NOT EXISTS (SELECT FROM auth.audit_link l WHERE l.event_id = u.event_id)
			ORDER BY u.position LIMIT :size
			""";

	private static final String APPEND = """
			INSERT INTO auth.audit_link (number, event_id, key_id, mac, standing)
			SELECT number, event_id, key_id, decode(mac, 'hex'), standing
			FROM json_to_recordset(CAST(:links AS json))
			    AS l(number bigint, event_id uuid, key_id text, mac text, standing text)
			""";

	private static final String UNQUEUE = """
			DELETE FROM auth.audit_unchained u USING auth.audit_link l WHERE l.event_id = u.event_id
			""";

	private static final String ADD_CHECKPOINT = """
			INSERT INTO auth.audit_checkpoint (number, mac, at, key_id, signature)
			VALUES (:number, decode(:mac, 'hex'), :at, :keyId, decode(:signature, 'hex'))
			""";

	private static final String DELETE_EVENTS = """
			DELETE FROM auth.audit_event e USING auth.audit_link l
			WHERE l.event_id = e.id AND l.number BETWEEN :first AND :last
			""";

	private static final String DELETE_LINKS = """
			DELETE FROM auth.audit_link WHERE number BETWEEN :first AND :last
			""";

	private ChainRows() {
	}

	/**
	 * Where the chain ends.
	 */
	static Mono<Head> head(DatabaseClient client) {
		return client.sql(LAST)
			.map(Link::read)
			.one()
			.map(Link::asHead)
			.switchIfEmpty(lastCheckpoint(client).map(Checkpoint::asHead))
			.defaultIfEmpty(Head.NONE);
	}

	static Mono<Checkpoint> lastCheckpoint(DatabaseClient client) {
		return client.sql(LAST_CHECKPOINT).map(Checkpoint::read).one();
	}

	/**
	 * Links behind a number, in their order.
	 */
	static Mono<List<Link>> page(DatabaseClient client, long after, int size) {
		return client.sql(PAGE).bind("after", after).bind("size", size).map(Link::read).all().collectList();
	}

	/**
	 * The events that wait for their places, in the order in which they get them.
	 */
	static Flux<SealedEvent> waiting(DatabaseClient client, Collection<String> known, int size) {
		return client.sql(WAITING).bind("known", known).bind("size", size).map(SealedEvent::read).all();
	}

	/**
	 * Adds links, and takes what has one out of the queue.
	 */
	static Mono<Void> append(DatabaseClient client, List<Link> links) {
		String rows = JSON.writeValueAsString(links.stream().map(ChainRows::row).toList());
		return client.sql(APPEND)
			.bind("links", rows)
			.fetch()
			.rowsUpdated()
			.then(client.sql(UNQUEUE).fetch().rowsUpdated())
			.then();
	}

	static Mono<Void> add(DatabaseClient client, Checkpoint checkpoint) {
		return client.sql(ADD_CHECKPOINT)
			.bind("number", checkpoint.number())
			.bind("mac", checkpoint.mac())
			.bind("at", checkpoint.at())
			.bind("keyId", checkpoint.keyId())
			.bind("signature", checkpoint.signature())
			.fetch()
			.rowsUpdated()
			.then();
	}

	/**
	 * Deletes links and their events; there has to be a checkpoint behind them.
	 */
	static Mono<Void> delete(DatabaseClient client, long first, long last) {
		return Flux.just(DELETE_EVENTS, DELETE_LINKS)
			.concatMap((sql) -> client.sql(sql).bind("first", first).bind("last", last).fetch().rowsUpdated())
			.then();
	}

	private static Map<String, Object> row(Link link) {
		return Map.of("number", link.number(), "event_id", link.eventId().toString(), "key_id", link.keyId(), "mac",
				link.mac(), "standing", link.standing().code());
	}

}
