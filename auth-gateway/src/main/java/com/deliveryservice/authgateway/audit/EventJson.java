package com.deliveryservice.authgateway.audit;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events as JSON: for the log, the table and clients.
 */
final class EventJson {

	/** The stream of events: one line of JSON for each. */
	private static final Logger stream = LoggerFactory.getLogger("audit");

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private EventJson() {
	}

	static String text(Map<String, String> detail) {
		return JSON.writeValueAsString(detail);
	}

	static JsonNode tree(String detail) {
		return JSON.readTree(detail);
	}

	/**
	 * What {@link #text} made, again; also of what somebody else wrote into the table.
	 */
	static Map<String, String> detail(String text) {
		Map<String, String> detail = new TreeMap<>();
		tree(text).properties().forEach((entry) -> detail.put(entry.getKey(), entry.getValue().asString()));
		return detail;
	}

	/**
	 * Rows for {@code json_to_recordset}.
	 */
	static String rows(Collection<? extends Map<String, ?>> rows) {
		return JSON.writeValueAsString(rows);
	}

	static void log(RecordedEvent event) {
		if (stream.isInfoEnabled()) {
			stream.info(JSON.writeValueAsString(event.toMap(tree(event.detail()))));
		}
	}

	/**
	 * Anything else that belongs to the stream.
	 */
	static void log(Map<String, ?> line) {
		stream.info(JSON.writeValueAsString(line));
	}

}
