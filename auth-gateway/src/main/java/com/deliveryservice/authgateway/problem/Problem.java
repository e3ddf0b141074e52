package com.deliveryservice.authgateway.problem;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer that refuses: one code, and what a client can do with it. Immutable; each
 * {@code with…} gives a changed copy.
 *
 * @param code the stable code
 * @param status the HTTP status, the code's own unless an operation's contract says
 * another
 * @param detail an English sentence for a developer; holds no secret and nothing of the
 * request's bytes
 * @param retryAfter when to try again, or {@code null}; sent in whole seconds, at least 1
 * @param members further members of the body, by their {@code snake_case} names
 * @param headers further headers of the answer, such as {@code Allow} or
 * {@code WWW-Authenticate}
 */
public record Problem(ProblemCode code, int status, @Nullable String detail, @Nullable Duration retryAfter,
		Map<String, Object> members, Map<String, String> headers) {

	private static final Duration OVERLOADED_RETRY = Duration.ofSeconds(2);

	private static final JsonMapper JSON = JsonMapper.builder().build();

	public static Problem of(ProblemCode code) {
		return new Problem(code, code.status(), null, null, Map.of(), Map.of());
	}

	/**
	 * 503 {@code overloaded}: this replica has as much of it to do as it can, and another
	 * try in two seconds may find it with less.
	 */
	public static Problem overloaded() {
		return of(ProblemCode.OVERLOADED).withRetryAfter(OVERLOADED_RETRY);
	}

	/**
	 * 400 {@code validation-failed}, with what is wrong about each field.
	 * @param errors at least one
	 */
	public static Problem invalid(List<FieldError> errors) {
		return of(ProblemCode.VALIDATION_FAILED).withMember("errors", List.copyOf(errors));
	}

	public Problem withStatus(int status) {
		return new Problem(this.code, status, this.detail, this.retryAfter, this.members, this.headers);
	}

	public Problem withDetail(String detail) {
		return new Problem(this.code, this.status, detail, this.retryAfter, this.members, this.headers);
	}

	public Problem withRetryAfter(Duration retryAfter) {
		return new Problem(this.code, this.status, this.detail, retryAfter, this.members, this.headers);
	}

	public Problem withMember(String name, Object value) {
		return new Problem(this.code, this.status, this.detail, this.retryAfter, added(this.members, name, value),
				this.headers);
	}

	public Problem withHeader(String name, String value) {
		return new Problem(this.code, this.status, this.detail, this.retryAfter, this.members,
				added(this.headers, name, value));
	}

	/**
	 * This problem as an exception, to leave a chain with.
	 */
	public ProblemException asException() {
		return new ProblemException(this);
	}

	/**
	 * {@code Retry-After} in whole seconds, rounded up, at least 1; {@code null} if there
	 * is none.
	 */
	public @Nullable String retryAfterSeconds() {
		if (this.retryAfter == null) {
			return null;
		}
		return Long.toString(Math.max(1, this.retryAfter.plusMillis(999).toSeconds()));
	}

	/**
	 * The body of RFC 9457, UTF-8.
	 * @param requestId the request's id, as in {@code X-Request-Id}
	 */
	public byte[] toJson(String requestId) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("type", "https://errors.auth-gateway/" + this.code.code());
		body.put("title", this.code.title());
		body.put("status", this.status);
		body.put("code", this.code.code());
		if (this.detail != null) {
			body.put("detail", this.detail);
		}
		body.put("request_id", requestId);
		body.putAll(this.members);
		return JSON.writeValueAsBytes(body);
	}

	private static <V> Map<String, V> added(Map<String, V> map, String name, V value) {
		Map<String, V> copy = new LinkedHashMap<>(map);
		copy.put(name, value);
		return Collections.unmodifiableMap(copy);
	}

}
