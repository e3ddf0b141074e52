package com.deliveryservice.authgateway.audit;

import java.util.Collection;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

/**
 * Writes events; nothing here changes one.
 */
@Component
class EventStore {

	private static final String INSERT = """
			INSERT INTO auth.audit_event (id, at, type, actor_id, user_id, session_id, ip, device_name, request_id, detail)
			SELECT id, at, type, actor_id,
			    coalesce(user_id, (SELECT u.id FROM auth.user_account u WHERE u.login_normalized = e.login)),
			    session_id, ip, device_name, request_id, detail
			FROM json_to_recordset(CAST(:events AS json)) AS e(id uuid, at timestamptz, type text, actor_id uuid,
			    user_id uuid, session_id uuid, ip text, device_name text, request_id text, login text,
			    detail text)
			ON CONFLICT (id) DO NOTHING
			""";

	/**
	 * Inserts those that are not there yet: after a lost answer it may be repeated.
	 */
	Mono<Void> insert(DatabaseClient client, Collection<RecordedEvent> events) {
		return client.sql(INSERT).bind("events", EventJson.rows(events)).fetch().rowsUpdated().then();
	}

}
