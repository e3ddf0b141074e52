package com.deliveryservice.authgateway.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.identity.UserTypes;

/**
 * Makes routes of the configured entries; the first wrong value ends it, by name.
 */
class RouteReader {

	/** CONNECT and TRACE are never served (RFC 9110 §9.3.6, §9.3.8). */
	static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

	private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

	private static final Pattern AUDIENCE = Pattern.compile("[\\x21-\\x7E&&[^\"\\\\]]{1,200}");

	private static final Duration LONGEST = Duration.ofHours(1);

	private final UserTypes userTypes;

	private final Set<String> ids = new HashSet<>();

	RouteReader(UserTypes userTypes) {
		this.userTypes = userTypes;
	}

	List<Route> read(List<RoutesSettings.Entry> entries) {
		List<Route> routes = new ArrayList<>();
		for (int i = 0; i < entries.size(); i++) {
			routes.add(route(entries.get(i), i));
		}
		return routes;
	}

	private Route route(RoutesSettings.Entry entry, int i) {
		String id = id(entry.id(), i);
		RoutePath path = path(entry.path(), i);
		return new Route(id, path, methods(entry.methods(), i), access(entry.access(), i), upstream(entry, i),
				options(entry, id, path, i));
	}

	private String id(@Nullable String id, int i) {
		String present = present(id, i, "id", "a lower-case name, unique among the routes");
		check(ID.matcher(present).matches(), i, "id", present, "at most 63 lower-case letters, digits and -");
		check(this.ids.add(present), i, "id", present, "a name that no other route has");
		return present;
	}

	private RoutePath path(@Nullable String path, int i) {
		String present = present(path, i, "path", "a PathPattern such as /api/customer/**");
		try {
			return RoutePath.parse(present);
		}
		catch (IllegalArgumentException ex) {
			throw wrong(i, "path", present, "a PathPattern such as /api/customer/**");
		}
	}

	private Set<String> methods(List<String> methods, int i) {
		for (String method : methods) {
			check(METHODS.contains(method), i, "methods", method,
					"one of " + String.join(", ", new TreeSet<>(METHODS)));
		}
		return Set.copyOf(methods);
	}

	private AccessRule access(RoutesSettings.@Nullable Access access, int i) {
		if (access == null) {
			return AccessRule.NOBODY;
		}
		check(!access.anonymous() || (access.userTypes().isEmpty() && access.scopes().isEmpty()), i, "access.anonymous",
				"true", "false, or neither user-types nor scopes beside it");
		for (String type : access.userTypes()) {
			check(this.userTypes.find(type) != null, i, "access.user-types", type, "a configured user type");
		}
		Set<String> known = this.userTypes.allScopes();
		for (String scope : access.scopes()) {
			check(known.contains(scope), i, "access.scopes", scope, "a scope that some user type has");
		}
		return new AccessRule(access.anonymous(), Set.copyOf(access.userTypes()), Set.copyOf(access.scopes()));
	}

	private Upstream upstream(RoutesSettings.Entry entry, int i) {
		String expected = "http(s)://host or http(s)://host:port, without path, query or user";
		String present = present(entry.upstream(), i, "upstream", expected);
		Upstream parsed = Upstream.parse(present);
		if (parsed == null) {
			throw wrong(i, "upstream", present, expected);
		}
		check(!entry.http2() || !entry.websocket(), i, "http2", "true", "false where websocket is true");
		return entry.http2() ? parsed.byHttp2() : parsed;
	}

	private Route.Options options(RoutesSettings.Entry entry, String id, RoutePath path, int i) {
		check(entry.stripPrefix() >= 0 && entry.stripPrefix() <= path.fixedSegments(), i, "strip-prefix",
				entry.stripPrefix(), "0 to " + path.fixedSegments() + ", the fixed segments of " + path);
		String audience = (entry.audience() != null) ? entry.audience() : id;
		check(AUDIENCE.matcher(audience).matches(), i, "audience", audience, "1 to 200 visible ASCII characters");
		check(Set.of("allow", "deny").contains(entry.onStaleRevocation()), i, "on-stale-revocation",
				entry.onStaleRevocation(), "allow or deny");
		check(entry.maxBody().toBytes() >= 0, i, "max-body", entry.maxBody(), "0 or more");
		List<String> origins = entry.allowedOrigins()
			.stream()
			.map((origin) -> origin.toLowerCase(Locale.ROOT))
			.toList();
		return new Route.Options(entry.stripPrefix(), audience, entry.forwardAuthorization(),
				entry.onStaleRevocation().equals("deny"), timeouts(entry.timeout(), i), entry.websocket(), origins,
				entry.maxBody().toBytes());
	}

	private Route.Timeouts timeouts(RoutesSettings.Timeout timeout, int i) {
		return new Route.Timeouts(time(timeout.connect(), i, "connect"), time(timeout.firstByte(), i, "first-byte"),
				time(timeout.idle(), i, "idle"));
	}

	private Duration time(Duration time, int i, String name) {
		check(time.compareTo(Duration.ofMillis(10)) >= 0 && time.compareTo(LONGEST) <= 0, i, "timeout." + name, time,
				"10ms to 1h");
		return time;
	}

	private static String present(@Nullable String value, int i, String name, String expected) {
		if (value == null || value.isBlank()) {
			throw new IllegalArgumentException(
					"auth-gateway.routes[" + i + "]." + name + ": missing (expected " + expected + ")");
		}
		return value;
	}

	static void check(boolean right, int i, String name, Object value, String expected) {
		if (!right) {
			throw wrong(i, name, value, expected);
		}
	}

	private static IllegalArgumentException wrong(int i, String name, Object value, String expected) {
		return new IllegalArgumentException(
				"auth-gateway.routes[" + i + "]." + name + ": " + value + " (expected " + expected + ")");
	}

}
