package com.deliveryservice.authgateway.route;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * A Spring {@code PathPattern}, with a short cut for what nearly every route looks like:
 * fixed segments, perhaps with {@code /**} behind. Raw and decoded path differ only when
 * there is a {@code %}: then the pattern itself decides, on decoded segments, as the
 * backend will.
 */
public final class RoutePath {

	private static final String REST = "/**";

	private final PathPattern pattern;

	private final List<String> segments;

	/** What precedes {@code /**} or is the whole path, if all of it is fixed. */
	private final @Nullable String fixed;

	private final boolean open;

	private RoutePath(PathPattern pattern) {
		this.pattern = pattern;
		String text = pattern.getPatternString();
		this.open = text.endsWith(REST);
		String head = this.open ? text.substring(0, text.length() - REST.length()) : text;
		this.fixed = isFixed(head) ? head : null;
		this.segments = segments(text);
	}

	/**
	 * Reads a pattern.
	 * @throws IllegalArgumentException if it is none or does not begin with {@code /}
	 */
	static RoutePath parse(String text) {
		if (!text.startsWith("/") || text.contains("//") || text.contains("/**/")) {
			throw new IllegalArgumentException(text);
		}
		return new RoutePath(PathPatternParser.defaultInstance.parse(text));
	}

	/**
	 * Whether the canonical raw path (no query) matches.
	 */
	boolean matches(String path) {
		String head = this.fixed;
		if (head == null || path.indexOf('%') >= 0) {
			return this.pattern.matches(PathContainer.parsePath(path));
		}
		if (!this.open) {
			return path.equals(head);
		}
		return path.startsWith(head) && (path.length() == head.length() || path.charAt(head.length()) == '/');
	}

	/**
	 * Leading segments without a variable or wildcard.
	 */
	int fixedSegments() {
		int count = 0;
		while (count < this.segments.size() && isFixed(this.segments.get(count))) {
			count++;
		}
		return count;
	}

	/**
	 * Whether every path that the other matches is matched by this: segment by segment,
	 * on the safe side ({@code false}) for what cannot be told, such as regular
	 * expressions.
	 */
	boolean covers(RoutePath other) {
		for (int i = 0;; i++) {
			boolean rest = i < this.segments.size() && takesRest(this.segments.get(i));
			if (rest) {
				return true;
			}
			boolean end = i == this.segments.size();
			boolean otherEnd = i == other.segments.size();
			if (end || otherEnd) {
				return end && otherEnd;
			}
			if (!covers(this.segments.get(i), other.segments.get(i))) {
				return false;
			}
		}
	}

	/**
	 * Whether there is a path that both match, or may be: on the safe side
	 * ({@code true}).
	 */
	boolean overlaps(RoutePath other) {
		for (int i = 0;; i++) {
			boolean end = i == this.segments.size();
			boolean otherEnd = i == other.segments.size();
			if ((!end && takesRest(this.segments.get(i))) || (!otherEnd && takesRest(other.segments.get(i)))) {
				return true;
			}
			if (end || otherEnd) {
				return end && otherEnd;
			}
			String mine = this.segments.get(i);
			String others = other.segments.get(i);
			if (isFixed(mine) && isFixed(others) && !mine.equals(others)) {
				return false;
			}
		}
	}

	private static boolean covers(String mine, String others) {
		if (takesRest(others)) {
			return false;
		}
		boolean wildcard = mine.equals("*") || mine.matches("\\{[^:*{}]+}");
		return mine.equals(others) || (wildcard && !others.isEmpty());
	}

	private static boolean takesRest(String segment) {
		return segment.equals("**") || segment.startsWith("{*");
	}

	private static boolean isFixed(String text) {
		return text.indexOf('*') < 0 && text.indexOf('?') < 0 && text.indexOf('{') < 0;
	}

	private static List<String> segments(String text) {
		List<String> segments = new ArrayList<>(List.of(text.substring(1).split("/", -1)));
		return List.copyOf(segments);
	}

	@Override
	public String toString() {
		return this.pattern.getPatternString();
	}

}
