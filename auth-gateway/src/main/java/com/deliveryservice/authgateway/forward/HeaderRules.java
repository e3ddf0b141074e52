package com.deliveryservice.authgateway.forward;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

import com.deliveryservice.authgateway.identity.ReservedHeaders;

/**
 * Which headers pass (contract/backends.md). By the first letter nearly every name is
 * decided.
 */
final class HeaderRules {

	/** What the names of the gateway's own cookies begin with. */
	static final String COOKIE = "__Host-auth-gateway";

	private HeaderRules() {
	}

	/**
	 * Whether a client's header is copied; what the gateway writes itself is not.
	 */
	static boolean requestPasses(CharSequence name) {
		return switch (first(name)) {
			case 'a' -> !is(name, HttpHeaderNames.AUTHORIZATION);
			case 'c' -> !is(name, HttpHeaderNames.CONNECTION) && !is(name, HttpHeaderNames.CONTENT_LENGTH)
					&& !is(name, HttpHeaderNames.COOKIE);
			case 'e' -> !is(name, HttpHeaderNames.EXPECT);
			case 'f' -> !ReservedHeaders.isSpelling(name, "forwarded");
			case 'h' -> !is(name, HttpHeaderNames.HOST) && !ReservedHeaders.isSpelling(name, "http2-settings");
			case 'v' -> !is(name, HttpHeaderNames.VIA);
			case 'x' -> extensionPasses(name);
			default -> !isHopByHop(name);
		};
	}

	/**
	 * Whether a backend's header is copied.
	 */
	static boolean responsePasses(CharSequence name) {
		return switch (first(name)) {
			case 'c' -> !is(name, HttpHeaderNames.CONNECTION) && !is(name, HttpHeaderNames.CONTENT_LENGTH);
			case 's' -> !is(name, HttpHeaderNames.SERVER);
			case 'x' -> !ReservedHeaders.isIdentity(name) && !ReservedHeaders.isSpelling(name, "x-powered-by")
					&& !ReservedHeaders.isSpelling(name, "x-request-id")
					&& !ReservedHeaders.isSpelling(name, "x-gateway-error");
			default -> !isHopByHop(name);
		};
	}

	/**
	 * The names that {@code Connection} lists, lower case: they end here, too.
	 */
	static Set<String> nominated(HttpHeaders headers) {
		List<String> values = headers.getAll(HttpHeaderNames.CONNECTION);
		if (values.isEmpty() || (values.size() == 1
				&& (values.get(0).equalsIgnoreCase("keep-alive") || values.get(0).equalsIgnoreCase("close")))) {
			return Set.of();
		}
		Set<String> names = new HashSet<>();
		for (String value : values) {
			for (String name : value.split(",", -1)) {
				names.add(name.trim().toLowerCase(Locale.ROOT));
			}
		}
		return names;
	}

	static boolean isNominated(Set<String> nominated, CharSequence name) {
		return !nominated.isEmpty() && nominated.contains(name.toString().toLowerCase(Locale.ROOT));
	}

	/**
	 * A {@code Cookie} header without the gateway's own cookies; empty if nothing is
	 * left.
	 */
	static String foreignCookies(String cookies) {
		if (!cookies.contains(COOKIE)) {
			return cookies;
		}
		StringBuilder kept = new StringBuilder(cookies.length());
		for (String cookie : cookies.split(";", -1)) {
			if (!cookie.trim().startsWith(COOKIE)) {
				kept.append((kept.length() == 0) ? "" : "; ").append(cookie.trim());
			}
		}
		return kept.toString();
	}

	private static boolean extensionPasses(CharSequence name) {
		return !(ReservedHeaders.isIdentity(name) || ReservedHeaders.startsWith(name, "x-forwarded-")
				|| ReservedHeaders.startsWith(name, "x-http2-") || ReservedHeaders.isSpelling(name, "x-request-id")
				|| ReservedHeaders.isSpelling(name, "x-original-url")
				|| ReservedHeaders.isSpelling(name, "x-rewrite-url")
				|| ReservedHeaders.isSpelling(name, "x-http-method-override")
				|| ReservedHeaders.isSpelling(name, "x-real-ip"));
	}

	/** RFC 9110 §7.6.1, and Proxy-Connection, which was never a standard. */
	private static boolean isHopByHop(CharSequence name) {
		return switch (first(name)) {
			case 'k' -> is(name, KEEP_ALIVE);
			case 'p' -> ReservedHeaders.startsWith(name, "proxy-");
			case 't' -> is(name, HttpHeaderNames.TE) || is(name, HttpHeaderNames.TRAILER)
					|| is(name, HttpHeaderNames.TRANSFER_ENCODING);
			case 'u' -> is(name, HttpHeaderNames.UPGRADE);
			default -> false;
		};
	}

	private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");

	private static boolean is(CharSequence name, AsciiString other) {
		return name.length() == other.length() && other.contentEqualsIgnoreCase(name);
	}

	private static char first(CharSequence name) {
		return (name.length() == 0) ? 0 : (char) (name.charAt(0) | 0x20);
	}

}
