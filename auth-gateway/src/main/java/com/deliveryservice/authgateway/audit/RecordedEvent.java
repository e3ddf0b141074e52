package com.deliveryservice.authgateway.audit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An event with everything that is kept of it.
 *
 * @param id its own
 * @param at when the replica saw it, in microseconds
 * @param type the type's code
 * @param actorId who did it
 * @param userId whom it happened to
 * @param sessionId which session it is about
 * @param ip where the request came from
 * @param deviceName what the device calls itself
 * @param requestId the request's id
 * @param login looked up when it is inserted, and then forgotten
 * @param detail a JSON object, as it is written and chained
 */
record RecordedEvent(UUID id, Instant at, String type, @Nullable UUID actorId, @Nullable UUID userId,
		@Nullable UUID sessionId, @Nullable String ip, @Nullable String deviceName, @Nullable String requestId,
		@Nullable String login, String detail) {

	private static final int LONGEST_LOGIN = 256;

	static RecordedEvent of(UUID id, Instant at, SecurityEvent event, Origin origin) {
		UUID actor = (event.actorId() != null) ? event.actorId() : origin.userId();
		UUID session = (event.sessionId() != null) ? event.sessionId() : origin.sessionId();
		Map<String, String> detail = new TreeMap<>(event.detail());
		if (origin.client() != null) {
			detail.put("client", origin.client());
		}
		return new RecordedEvent(id, at, event.type().code(), actor, event.userId(), session, origin.address(),
				event.device(), origin.requestId(), event.login(), EventJson.text(detail));
	}

	/**
	 * As it is logged and inserted: the names of the columns.
	 */
	Map<String, @Nullable Object> toMap(Object shownDetail) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("id", this.id.toString());
		map.put("at", this.at.toString());
		map.put("type", this.type);
		map.put("actor_id", text(this.actorId));
		map.put("user_id", text(this.userId));
		map.put("session_id", text(this.sessionId));
		map.put("ip", this.ip);
		map.put("device_name", this.deviceName);
		map.put("request_id", this.requestId);
		map.put("detail", shownDetail);
		return map;
	}

	/**
	 * As it is inserted.
	 */
	Map<String, @Nullable Object> toRow() {
		Map<String, @Nullable Object> row = toMap(this.detail);
		row.put("login", (this.login != null) ? Text.clean(this.login, LONGEST_LOGIN) : null);
		return row;
	}

	@Override
	public String toString() {
		return "RecordedEvent[" + this.id + ", " + this.type + "]";
	}

	private static @Nullable String text(@Nullable UUID id) {
		return (id != null) ? id.toString() : null;
	}

}
