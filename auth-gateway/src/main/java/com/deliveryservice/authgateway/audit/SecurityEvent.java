package com.deliveryservice.authgateway.audit;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened, as its owner tells it. Who did it, from where and in which
 * request is added from the request itself. Holds no secret: no password, token, code or
 * key, also not in the detail.
 *
 * @param type what happened
 * @param actorId who did it; {@code null}: whoever is signed in at this request, if
 * anybody is
 * @param userId whom it happened to
 * @param sessionId which session it is about; {@code null}: the actor's own
 * @param device what the device calls itself; cut to 100 characters
 * @param login instead of the user: what somebody typed as the login, compared; it is
 * written nowhere, and says whom it is about only if there is such a user
 * @param detail a few more words, at most 8, each cut to 200 characters
 */
public record SecurityEvent(EventType type, @Nullable UUID actorId, @Nullable UUID userId, @Nullable UUID sessionId,
		@Nullable String device, @Nullable String login, Map<String, String> detail) {

	private static final int LONGEST_DEVICE = 100;

	private static final int LONGEST_VALUE = 200;

	private static final int MOST_DETAILS = 8;

	private static final String NAME = "[a-z_]{1,40}";

	public SecurityEvent {
		device = (device != null) ? Text.clean(device, LONGEST_DEVICE) : null;
		Map<String, String> cleaned = new TreeMap<>();
		detail.forEach((name, value) -> cleaned.put(name, Text.clean(value, LONGEST_VALUE)));
		if (cleaned.size() > MOST_DETAILS || !cleaned.keySet().stream().allMatch((name) -> name.matches(NAME))) {
			throw new IllegalArgumentException("detail: at most 8, named " + NAME);
		}
		detail = cleaned;
	}

	/**
	 * An event that says nothing more yet.
	 */
	public static SecurityEvent of(EventType type) {
		return new SecurityEvent(type, null, null, null, null, null, Map.of());
	}

	/**
	 * The same of another type.
	 */
	public SecurityEvent as(EventType other) {
		return new SecurityEvent(other, this.actorId, this.userId, this.sessionId, this.device, this.login,
				this.detail);
	}

	/**
	 * The same, done by this user.
	 */
	public SecurityEvent by(@Nullable UUID actor) {
		return new SecurityEvent(this.type, actor, this.userId, this.sessionId, this.device, this.login, this.detail);
	}

	/**
	 * The same, about this user.
	 */
	public SecurityEvent about(@Nullable UUID user) {
		return new SecurityEvent(this.type, this.actorId, user, this.sessionId, this.device, this.login, this.detail);
	}

	/**
	 * The same, about the user of this normalized login, if there is one. Only for
	 * {@link AuditTrail#note}.
	 */
	public SecurityEvent aboutLogin(String normalized) {
		return new SecurityEvent(this.type, this.actorId, this.userId, this.sessionId, this.device, normalized,
				this.detail);
	}

	/**
	 * The same, in this session.
	 */
	public SecurityEvent in(@Nullable UUID session) {
		return new SecurityEvent(this.type, this.actorId, this.userId, session, this.device, this.login, this.detail);
	}

	/**
	 * The same, on this device.
	 */
	public SecurityEvent on(@Nullable String deviceName) {
		return new SecurityEvent(this.type, this.actorId, this.userId, this.sessionId, deviceName, this.login,
				this.detail);
	}

	/**
	 * The same with one more detail.
	 * @param name lower case letters and underscores
	 * @param value no secret
	 */
	public SecurityEvent with(String name, Object value) {
		Map<String, String> more = new TreeMap<>(this.detail);
		more.put(name, value.toString());
		return new SecurityEvent(this.type, this.actorId, this.userId, this.sessionId, this.device, this.login, more);
	}

}
