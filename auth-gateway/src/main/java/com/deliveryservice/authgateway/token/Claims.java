package com.deliveryservice.authgateway.token;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Reads claims strictly: every one is required, of one type and form.
 *
 * @param values of a token whose signature was verified
 */
record Claims(Map<String, Object> values) {

	/** The last second of the year 9999. */
	private static final long LATEST = 253_402_300_799L;

	private static final Pattern UUID_TEXT = Pattern
		.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

	String text(String name, Pattern form) {
		if (this.values.get(name) instanceof String value && form.matcher(value).matches()) {
			return value;
		}
		throw invalid(name);
	}

	UUID uuid(String name) {
		return UUID.fromString(text(name, UUID_TEXT));
	}

	Instant time(String name) {
		Object value = this.values.get(name);
		if ((value instanceof Long || value instanceof Integer) && ((Number) value).longValue() >= 0
				&& ((Number) value).longValue() <= LATEST) {
			return Instant.ofEpochSecond(((Number) value).longValue());
		}
		throw invalid(name);
	}

	void mustBe(String name, String expected) {
		if (!expected.equals(this.values.get(name))) {
			throw invalid(name);
		}
	}

	/**
	 * A string, or an array of strings that holds the expected one (RFC 7519 §4.1.3).
	 */
	void mustHold(String name, String expected) {
		Object value = this.values.get(name);
		boolean holds = (value instanceof List<?> list)
				? list.contains(expected) && list.stream().allMatch(String.class::isInstance) : expected.equals(value);
		if (!holds) {
			throw invalid(name);
		}
	}

	boolean has(String name) {
		return this.values.containsKey(name);
	}

	private static InvalidTokenException invalid(String name) {
		return new InvalidTokenException("claim " + name);
	}

	@Override
	public String toString() {
		return "Claims[…]";
	}

}
