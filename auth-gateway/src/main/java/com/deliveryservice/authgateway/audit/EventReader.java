package com.deliveryservice.authgateway.audit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Mono;

import io.r2dbc.spi.Readable;

/**
 * Reads events, by an index whatever is asked for.
 */
@Component
class EventReader {

	private static final String COLUMNS = """
			e.id, e.at, e.type, e.actor_id, e.user_id, e.session_id, e.ip, e.device_name, e.request_id, e.detail""";

	private final Database database;

	EventReader(Database database) {
		this.database = database;
	}

	/**
	 * The newest first, one more than a page if there are more.
	 */
	Mono<List<RecordedEvent>> find(EventQuery query) {
		StringBuilder sql = new StringBuilder("SELECT " + COLUMNS + " FROM auth.audit_event e WHERE true");
		Map<String, Object> values = new LinkedHashMap<>();
		if (query.userId() != null) {
			sql.append(" AND e.user_id = :userId");
			values.put("userId", query.userId());
		}
		if (query.type() != null) {
			sql.append(" AND e.type = :type");
			values.put("type", query.type());
		}
		if (query.from() != null) {
			sql.append(" AND e.at >= :from");
			values.put("from", query.from());
		}
		if (query.after() != null) {
			sql.append(" AND (e.at, e.id) < (:at, :id)");
			values.put("at", query.after().at());
			values.put("id", query.after().id());
		}
		sql.append(" ORDER BY e.at DESC, e.id DESC LIMIT ").append(EventQuery.PAGE + 1);
		return this.database
			.many((client) -> client.sql(sql.toString()).bindValues(values).map(EventReader::event).all())
			.collectList();
	}

	/**
	 * An event of a row with these columns.
	 */
	static RecordedEvent event(Readable row) {
		return new RecordedEvent(Objects.requireNonNull(row.get("id", UUID.class)),
				Objects.requireNonNull(row.get("at", Instant.class)),
				Objects.requireNonNull(row.get("type", String.class)), row.get("actor_id", UUID.class),
				row.get("user_id", UUID.class), row.get("session_id", UUID.class), row.get("ip", String.class),
				row.get("device_name", String.class), row.get("request_id", String.class), null,
				Objects.requireNonNull(row.get("detail", String.class)));
	}

}
