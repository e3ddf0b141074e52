package com.deliveryservice.authgateway.workflowauth;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * .NET's {@code DateTime} as its JSON serializer writes it: up to seven digits of a
 * second, with {@code Z}, with an offset, or with neither.
 */
final class DotNetDateTime {

	private static final Pattern SHAPE = Pattern
		.compile("(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,7})?)(Z|[+-]\\d{2}:\\d{2})?");

	private DotNetDateTime() {
	}

	/**
	 * Reads a date.
	 * @param text as on the wire
	 * @param zone of a date without offset
	 * @return the instant, or {@code null} if it is none or {@code DateTime.MinValue},
	 * which means not set
	 */
	static @Nullable Instant parse(String text, ZoneId zone) {
		Matcher matcher = SHAPE.matcher(text);
		if (!matcher.matches() || text.startsWith("0001-01-01")) {
			return null;
		}
		try {
			return (matcher.group(2) != null) ? OffsetDateTime.parse(text).toInstant()
					: LocalDateTime.parse(text).atZone(zone).toInstant();
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

}
