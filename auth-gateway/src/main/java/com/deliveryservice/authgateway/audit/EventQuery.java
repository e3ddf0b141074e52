package com.deliveryservice.authgateway.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

import com.deliveryservice.authgateway.problem.FieldError;
import com.deliveryservice.authgateway.problem.Problem;

/**
 * Which events are asked for.
 *
 * @param userId whom they happened to, or {@code null} for anybody
 * @param type what happened, or {@code null} for anything
 * @param from the earliest time, or {@code null} for as far back as there are any
 * @param after the last event of the page before, or {@code null} for the first page
 */
record EventQuery(@Nullable UUID userId, @Nullable String type, @Nullable Instant from, @Nullable Position after) {

	/** Events of a page. */
	static final int PAGE = 100;

	private static final int UUID_LENGTH = 36;

	private static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

	/**
	 * Reads the parameters of a request.
	 * @throws com.deliveryservice.authgateway.problem.ProblemException 400
	 * {@code validation-failed}, which names each wrong one
	 */
	static EventQuery read(MultiValueMap<String, String> parameters) {
		List<FieldError> errors = new ArrayList<>();
		EventQuery query = new EventQuery(value(parameters, "user_id", EventQuery::uuid, "is the id of a user", errors),
				value(parameters, "type", EventQuery::typeCode, "is a type of event", errors),
				value(parameters, "from", (text) -> possible(OffsetDateTime.parse(text).toInstant()),
						"is a time such as 2026-11-24T03:00:00Z", errors),
				value(parameters, "page_token", Position::parse, "is a next_page_token of an earlier answer", errors));
		if (!errors.isEmpty()) {
			throw Problem.invalid(errors).asException();
		}
		return query;
	}

	/**
	 * What asks for the page behind an event.
	 */
	static String tokenAfter(RecordedEvent last) {
		return new Position(last.at(), last.id()).token();
	}

	private static <T> @Nullable T value(MultiValueMap<String, String> parameters, String name,
			Function<String, T> parser, String expected, List<FieldError> errors) {
		List<String> values = parameters.getOrDefault(name, List.of());
		if (values.isEmpty()) {
			return null;
		}
		try {
			if (values.size() == 1) {
				return parser.apply(values.get(0));
			}
		}
		catch (IllegalArgumentException | DateTimeException ex) {
			// told below
		}
		errors.add(new FieldError(name, "malformed", expected));
		return null;
	}

	/**
	 * PostgreSQL does not know every time that Java knows.
	 */
	private static Instant possible(Instant time) {
		if (time.isBefore(Instant.EPOCH) || time.isAfter(END)) {
			throw new IllegalArgumentException("no such time");
		}
		return time;
	}

	private static UUID uuid(String text) {
		if (text.length() != UUID_LENGTH) {
			throw new IllegalArgumentException("no UUID");
		}
		return UUID.fromString(text);
	}

	private static String typeCode(String text) {
		if (EventType.find(text) == null) {
			throw new IllegalArgumentException("no type");
		}
		return text;
	}

	/**
	 * Where a page ended.
	 *
	 * @param at the time of its last event
	 * @param id the id of that
	 */
	record Position(Instant at, UUID id) {

		static Position parse(String token) {
			String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
			int comma = text.indexOf(',');
			if (comma < 0) {
				throw new IllegalArgumentException("no page token");
			}
			return new Position(possible(Instant.parse(text.substring(0, comma))), uuid(text.substring(comma + 1)));
		}

		String token() {
			byte[] text = (this.at + "," + this.id).getBytes(StandardCharsets.US_ASCII);
			return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
		}

	}

}
