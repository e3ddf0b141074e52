package com.deliveryservice.authgateway.ops;

import java.io.File;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * One line about one property: {@code name: value (expected …)}. The value of a secret is
 * not shown, a long one is cut, and a control character cannot make two lines of it.
 *
 * @param property the property's name
 * @param text the whole line
 */
record ProblemLine(String property, String text) {

	private static final Pattern SHAPE = Pattern.compile(
			"([a-z][A-Za-z0-9.\\[\\]-]*\\.[A-Za-z0-9.\\[\\]-]+): (.*) \\((expected .*|already in use)\\)",
			Pattern.DOTALL);

	private static final Pattern SECRET = Pattern.compile(".*(?:secret|password|key|token|credentials)");

	private static final Pattern USER_INFO = Pattern.compile("//[^/@]*@");

	private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

	private static final int LONGEST_VALUE = 200;

	private static final Map<Class<?>, String> EXPECTED = Map.ofEntries(
			Map.entry(Duration.class, "a duration such as 5m"), Map.entry(DataSize.class, "a size such as 16KB"),
			Map.entry(Integer.class, "a whole number"), Map.entry(Long.class, "a whole number"),
			Map.entry(Double.class, "a number"), Map.entry(Boolean.class, "true or false"),
			Map.entry(URI.class, "a URL"), Map.entry(URL.class, "a URL"),
			Map.entry(InetAddress.class, "an IP address or a host name"), Map.entry(Path.class, "a path"),
			Map.entry(File.class, "a path"), Map.entry(ZoneId.class, "a time zone such as UTC"));

	static ProblemLine of(String property, @Nullable Object value, String expected) {
		return new ProblemLine(property, property + ": " + shown(property, value) + " (expected " + expected + ")");
	}

	static ProblemLine unconvertible(String property, @Nullable Object value, Class<?> type) {
		return of(property, value, expected(ClassUtils.resolvePrimitiveIfNecessary(type)));
	}

	static ProblemLine unknown(String property) {
		return new ProblemLine(property, property + ": unknown property");
	}

	/**
	 * Reads a line out of an exception's message.
	 * @param message such as a settings record throws
	 * @return {@code null} if the message is no such line
	 */
	static @Nullable ProblemLine parse(@Nullable String message) {
		Matcher matcher = SHAPE.matcher((message != null) ? message : "");
		if (!matcher.matches()) {
			return null;
		}
		String property = matcher.group(1);
		return new ProblemLine(property,
				property + ": " + shown(property, matcher.group(2)) + " (" + matcher.group(3) + ")");
	}

	/** Who puts a password into an address gets it refused, but not printed. */
	private static String shown(String property, @Nullable Object value) {
		String text = (value != null) ? value.toString() : "";
		if (text.isBlank() || text.equals("missing")) {
			return "missing";
		}
		if (SECRET.matcher(property.toLowerCase(Locale.ROOT)).matches()) {
			return "(not shown)";
		}
		String line = USER_INFO.matcher(CONTROL.matcher(text).replaceAll("?")).replaceAll("//(not shown)@");
		return (line.length() > LONGEST_VALUE) ? line.substring(0, LONGEST_VALUE) + "…" : line;
	}

	private static String expected(Class<?> type) {
		if (type.isEnum()) {
			return "one of " + Arrays.stream(type.getEnumConstants())
				.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
				.collect(Collectors.joining(", "));
		}
		return EXPECTED.getOrDefault(type, "a " + type.getSimpleName());
	}

}
