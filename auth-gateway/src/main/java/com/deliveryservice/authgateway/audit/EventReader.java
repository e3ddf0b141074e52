package com.deliveryservice.authgateway.audit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Mono;

/**
 * Reads events, by an index whatever is asked for.
 */
@Component
class EventReader {

	private final Database database;

	EventReader(Database database) {
		this.database = database;
	}

	/**
	 * The newest first, one more than a page if there are more.
	 */
	Mono<List<RecordedEvent>> find(EventQuery query) {
		StringBuilder sql = new StringBuilder(
				"SELECT " + RecordedEvent.COLUMNS + " FROM auth.audit_event e WHERE true");
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
			.many((client) -> client.sql(sql.toString()).bindValues(values).map(RecordedEvent::read).all())
			.collectList();
	}

}
