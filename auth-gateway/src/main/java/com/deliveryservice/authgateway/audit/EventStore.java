package com.deliveryservice.authgateway.audit;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

/**
 * Writes events, sealed; nothing here changes one.
 */
@Component
class EventStore {

	private static final String INSERT = """
			INSERT INTO auth.audit_event (id, at, type, actor_id, user_id, session_id, ip, device_name, request_id, detail,
			    key_id, seal)
			SELECT id, at, type, actor_id, user_id, session_id, ip, device_name, request_id, detail, key_id,
			    decode(seal, 'hex')
			FROM json_to_recordset(CAST(:events AS json)) AS e(id uuid, at timestamptz, type text, actor_id uuid,
			    user_id uuid, session_id uuid, ip text, device_name text, request_id text, detail text,
			    key_id text, seal text)
			ON CONFLICT (id) DO NOTHING
			""";

	private static final String USERS = """
			SELECT login_normalized, id FROM auth.user_account WHERE login_normalized IN (:logins)
			""";

	private final EventSeal seal;

	EventStore(EventSeal seal) {
		this.seal = seal;
	}

	/**
	 * Inserts those that are not there yet: after a lost answer it may be repeated.
	 */
	Mono<Void> insert(DatabaseClient client, Collection<RecordedEvent> events) {
		return users(client, events).map((users) -> EventJson.rows(events.stream().map((e) -> row(e, users)).toList()))
			.flatMap((rows) -> client.sql(INSERT).bind("events", rows).fetch().rowsUpdated())
			.then();
	}

	private Map<String, @Nullable Object> row(RecordedEvent event, Map<String, UUID> users) {
		String login = event.openLogin();
		RecordedEvent known = (login != null) ? event.about(users.get(login)) : event;
		return known.toRow(this.seal.mark(known.bytes()));
	}

	/** Looked up before, and not by the insert: the user is part of what is sealed. */
	private static Mono<Map<String, UUID>> users(DatabaseClient client, Collection<RecordedEvent> events) {
		Set<String> logins = events.stream()
			.map(RecordedEvent::openLogin)
			.filter(Objects::nonNull)
			.map(Objects::requireNonNull)
			.collect(Collectors.toSet());
		if (logins.isEmpty()) {
			return Mono.just(Map.of());
		}
		return client.sql(USERS)
			.bind("logins", logins)
			.map((row) -> Map.entry(Objects.requireNonNull(row.get("login_normalized", String.class)),
					Objects.requireNonNull(row.get("id", UUID.class))))
			.all()
			.collectMap(Map.Entry::getKey, Map.Entry::getValue);
	}

}
