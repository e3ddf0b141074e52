package com.deliveryservice.authgateway.workflowauth;

import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer of workflow-auth, read strictly: one JSON object, each name once in whatever
 * case, every member asked for of exactly the right type. Everything else is an
 * {@link Outage#MALFORMED} and never a verdict about the person. Members that nobody asks
 * for are ignored.
 */
final class Answer {

	private static final JsonMapper JSON = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(20).build())
			.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.build())
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private static final Pattern GUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

	private static final UUID EMPTY_GUID = new UUID(0, 0);

	private static final int LONGEST_TEXT = 200;

	private final Map<String, JsonNode> members;

	private Answer(Map<String, JsonNode> members) {
		this.members = members;
	}

	/**
	 * Reads a body.
	 * @throws WorkflowAuthUnavailableException if it is no such object or tells a failure
	 * @throws WorkflowAuthOverloadedException if the failure is the auth backend's
	 * overload
	 */
	static Answer read(byte[] body) {
		try {
			Answer answer = of(JSON.readTree(body));
			answer.refuseFailure();
			return answer;
		}
		catch (JacksonException ex) {
			// not its message, which quotes the body
			throw Outage.MALFORMED.asException();
		}
	}

	/**
	 * A boolean that has to be there.
	 */
	boolean flag(String name) {
		JsonNode value = member(name);
		if (value == null || !value.isBoolean()) {
			throw Outage.MALFORMED.asException();
		}
		return value.booleanValue();
	}

	/**
	 * Text that may be missing, {@code null} or empty, all of which give {@code null}.
	 */
	@Nullable String optionalText(String name) {
		JsonNode value = member(name);
		if (value == null || value.isNull()) {
			return null;
		}
		String text = text(name);
		return text.isEmpty() ? null : text;
	}

	/**
	 * Text that has to be there, but may be empty.
	 */
	String text(String name) {
		JsonNode value = member(name);
		if (value == null || !value.isString() || value.stringValue().length() > LONGEST_TEXT) {
			throw Outage.MALFORMED.asException();
		}
		return value.stringValue();
	}

	/**
	 * A GUID that has to be there, empty text and the empty GUID giving {@code null}.
	 */
	@Nullable UUID guid(String name) {
		String text = text(name);
		if (text.isEmpty()) {
			return null;
		}
		if (!GUID.matcher(text).matches()) {
			throw Outage.MALFORMED.asException();
		}
		UUID guid = UUID.fromString(text);
		return guid.equals(EMPTY_GUID) ? null : guid;
	}

	/**
	 * A date that has to be there and to be set.
	 * @param zone of a date without offset
	 */
	Instant date(String name, ZoneId zone) {
		Instant date = DotNetDateTime.parse(text(name), zone);
		if (date == null) {
			throw Outage.MALFORMED.asException();
		}
		return date;
	}

	/**
	 * An object that may be missing or {@code null}.
	 */
	@Nullable Answer object(String name) {
		JsonNode value = member(name);
		return (value == null || value.isNull()) ? null : of(value);
	}

	/**
	 * A boolean that may be missing or {@code null}, which is {@code false}.
	 */
	boolean optionalFlag(String name) {
		JsonNode value = member(name);
		return value != null && !value.isNull() && flag(name);
	}

	private @Nullable JsonNode member(String name) {
		return this.members.get(name.toLowerCase(Locale.ROOT));
	}

	private void refuseFailure() {
		JsonNode message = member("exceptionMessage");
		if (message != null && message.isString() && message.stringValue().startsWith("overloaded")) {
			throw new WorkflowAuthOverloadedException();
		}
		JsonNode exception = member("workflowException");
		if ((message != null && !message.isNull()) || (exception != null && !exception.isNull())) {
			throw Outage.FAILURE.asException();
		}
	}

	private static Answer of(JsonNode node) {
		if (!node.isObject()) {
			throw Outage.MALFORMED.asException();
		}
		Map<String, JsonNode> members = new HashMap<>();
		for (Map.Entry<String, JsonNode> member : node.properties()) {
			if (members.put(member.getKey().toLowerCase(Locale.ROOT), member.getValue()) != null) {
				throw Outage.MALFORMED.asException();
			}
		}
		return new Answer(members);
	}

}
