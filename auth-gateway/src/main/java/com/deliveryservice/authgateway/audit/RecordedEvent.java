package com.deliveryservice.authgateway.audit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.audit.EventSeal.Mark;

import io.r2dbc.spi.Readable;

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
public record RecordedEvent(UUID id, Instant at, String type, @Nullable UUID actorId, @Nullable UUID userId,
		@Nullable UUID sessionId, @Nullable String ip, @Nullable String deviceName, @Nullable String requestId,
		@Nullable String login, String detail) {

	/** Of {@code auth.audit_event e}, as {@link #read} wants them. */
	public static final String COLUMNS = "e.id, e.at, e.type, e.actor_id, e.user_id, e.session_id, e.ip, "
			+ "e.device_name, e.request_id, e.detail";

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
	 * The same once more, in the place of so many that followed.
	 */
	RecordedEvent again(UUID newId, Instant now, long more) {
		Map<String, String> counted = EventJson.detail(this.detail);
		counted.put("more", Long.toString(more));
		return new RecordedEvent(newId, now, this.type, this.actorId, this.userId, this.sessionId, this.ip,
				this.deviceName, this.requestId, this.login, EventJson.text(counted));
	}

	/**
	 * An event of a row with these columns.
	 */
	public static RecordedEvent read(Readable row) {
		return new RecordedEvent(Objects.requireNonNull(row.get("id", UUID.class)),
				Objects.requireNonNull(row.get("at", Instant.class)),
				Objects.requireNonNull(row.get("type", String.class)), row.get("actor_id", UUID.class),
				row.get("user_id", UUID.class), row.get("session_id", UUID.class), row.get("ip", String.class),
				row.get("device_name", String.class), row.get("request_id", String.class), null,
				Objects.requireNonNull(row.get("detail", String.class)));
	}

	/**
	 * Everything that is kept of it, for its seal and its place in the chain.
	 */
	public byte[] bytes() {
		return FieldBytes.of("event")
			.add(this.id)
			.add(this.at)
			.add(this.type)
			.add(this.actorId)
			.add(this.userId)
			.add(this.sessionId)
			.add(this.ip)
			.add(this.deviceName)
			.add(this.requestId)
			.add(this.detail)
			.toByteArray();
	}

	/**
	 * The login that it is still to be looked up by, if there is no user yet.
	 */
	@Nullable String openLogin() {
		return (this.userId == null && this.login != null) ? Text.clean(this.login, LONGEST_LOGIN) : null;
	}

	/**
	 * The same about this user, with no login to be looked up.
	 */
	RecordedEvent about(@Nullable UUID user) {
		return new RecordedEvent(this.id, this.at, this.type, this.actorId, user, this.sessionId, this.ip,
				this.deviceName, this.requestId, null, this.detail);
	}

	/**
	 * As it is logged: the names of the columns.
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
	 * As it is inserted, with its seal.
	 */
	Map<String, @Nullable Object> toRow(Mark mark) {
		Map<String, @Nullable Object> row = toMap(this.detail);
		row.put("key_id", mark.keyId());
		row.put("seal", mark.mac());
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
