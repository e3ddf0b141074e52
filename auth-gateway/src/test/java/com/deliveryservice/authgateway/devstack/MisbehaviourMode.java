package com.deliveryservice.authgateway.devstack;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The misbehaviours that have a name, for {@code POST /misbehave}: the constant's name in
 * lower case with hyphens.
 */
@SuppressWarnings("ImmutableEnumChecker")
public enum MisbehaviourMode {

	/** Waits {@code millis} (default 30,000), then does the work. */
	SLOW((options) -> Misbehaviour.slow(millis(options))),
	/** Does the work, then waits {@code millis}. */
	SLOW_ANSWER((options) -> Misbehaviour.slowAnswer(millis(options))),
	/** Closes the connection. */
	REFUSE((options) -> Misbehaviour.refuse()),
	/** Does the work, then closes the connection. */
	LOSE_ANSWER((options) -> Misbehaviour.loseAnswer()),
	/** {@code status} (default 500) with a body of JSON. */
	STATUS((options) -> Misbehaviour.answering(options.path("status").asInt(500), json(),
			bytes("{\"title\":\"An error occurred\",\"trace\":\"at AuthWebApi.Controllers\"}"))),
	/** 200 with a failure message. */
	EXCEPTION_MESSAGE((options) -> failure("exceptionMessage", "\"Could not connect to the auth backend\"")),
	/** 200 with a failure message as of an overloaded auth backend. */
	OVERLOADED((options) -> failure("exceptionMessage", "\"overloaded: too busy\"")),
	/** 200 with an exception object. */
	WORKFLOW_EXCEPTION((options) -> failure("workflowException",
			"{\"message\":\"Boom\",\"stackTrace\":\"at AuthWebApi.Secret.Line(42)\",\"fullMessage\":\"Boom!\"}")),
	/** A session token is refused. */
	EMPTY_TOKEN_GUID((options) -> Misbehaviour.changed((answer) -> answer.put("tokenGuid", ""))),
	/** The member that the answer cannot do without is missing. */
	MISSING_MEMBER((options) -> telling((operation) -> "{\"exceptionMessage\":null}")),
	/** That member is {@code null}. */
	NULL_MEMBER((options) -> telling((operation) -> "{\"" + operation.tellingMember() + "\":null}")),
	/** That member is of another type. */
	WRONG_TYPE((options) -> telling((operation) -> "{\"" + operation.tellingMember() + "\":[1]}")),
	/** The whole answer is {@code null}. */
	NULL((options) -> Misbehaviour.json("null")),
	/** The whole answer is a list. */
	ARRAY((options) -> Misbehaviour.json("[]")),
	/** A page instead of JSON. */
	HTML((options) -> Misbehaviour.answering(200, Map.of("Content-Type", "text/html"),
			bytes("<html><body>Welcome</body></html>"))),
	/** 204. */
	NO_CONTENT((options) -> Misbehaviour.answering(204, Map.of(), new byte[0])),
	/** 200 without a body. */
	EMPTY_BODY((options) -> Misbehaviour.answering(200, json(), new byte[0])),
	/** 302 to {@code location}. */
	REDIRECT((options) -> Misbehaviour.answering(302,
			Map.of("Location", options.path("location").asString("http://127.0.0.1:9/elsewhere")), new byte[0])),
	/** 5 MiB. */
	HUGE((options) -> Misbehaviour.answering(200, json(), bytes("{\"pad\":\"" + "x".repeat(5 << 20) + "\"}"))),
	/** A small packed body that unpacks to 64 MiB. */
	GZIP_BOMB((options) -> Misbehaviour.gzipBomb()),
	/** {@code isVerified} without {@code userUid}. */
	VERIFIED_WITHOUT_UID((options) -> Misbehaviour.json("{\"isVerified\":true}")),
	/** {@code isVerified} with a {@code userUid} that is none. */
	MALFORMED_UID((options) -> Misbehaviour.json("{\"isVerified\":true,\"userUid\":\"1; DROP TABLE\"}"));

	private final Function<JsonNode, Misbehaviour> factory;

	MisbehaviourMode(Function<JsonNode, Misbehaviour> factory) {
		this.factory = factory;
	}

	/**
	 * The misbehaviour with its usual figures.
	 */
	public Misbehaviour misbehaviour() {
		return misbehaviour(JsonNodeFactory.instance.objectNode());
	}

	Misbehaviour misbehaviour(JsonNode options) {
		return this.factory.apply(options);
	}

	static Optional<MisbehaviourMode> find(String name) {
		return Arrays.stream(values())
			.filter((mode) -> mode.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name))
			.findFirst();
	}

	private static Duration millis(JsonNode options) {
		return Duration.ofMillis(options.path("millis").asInt(30_000));
	}

	private static Misbehaviour failure(String member, String value) {
		return telling((operation) -> "{\"" + operation.tellingMember() + "\":false,\"" + member + "\":" + value + "}");
	}

	private static Misbehaviour telling(Function<Operation, String> body) {
		return (response, operation, right) -> Misbehaviour.json(body.apply(operation))
			.answer(response, operation, right);
	}

	private static Map<String, String> json() {
		return Map.of("Content-Type", "application/json");
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
