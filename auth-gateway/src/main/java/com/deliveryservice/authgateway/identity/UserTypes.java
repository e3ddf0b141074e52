package com.deliveryservice.authgateway.identity;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.identity.UserType.SessionLimits;

/**
 * All user types, the configured ones over the defaults of contract/configuration.md.
 */
@Component
public class UserTypes {

	private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

	/** RFC 6749 §3.3, without the characters that would need care in a header. */
	private static final Pattern SCOPE = Pattern.compile("[A-Za-z0-9:._/-]{1,64}");

	private static final String ALL = "all";

	private static final SessionLimits SHIFT = new SessionLimits(Duration.ofHours(12), Duration.ofHours(24), 3);

	private static final SessionLimits OFFICE = new SessionLimits(Duration.ofMinutes(30), Duration.ofHours(12), 3);

	private static final Map<String, Default> DEFAULTS = defaults();

	private final Map<String, UserType> types;

	/**
	 * Completes the settings by the defaults.
	 * @throws IllegalArgumentException "name: value (expected …)" for a wrong value
	 */
	public UserTypes(UserTypesSettings settings) {
		Map<String, UserTypesSettings.Entry> configured = (settings.userTypes() != null) ? settings.userTypes()
				: Map.of();
		Set<String> names = new LinkedHashSet<>(DEFAULTS.keySet());
		names.addAll(configured.keySet());
		Map<String, List<String>> scopes = scopes(names, configured);
		Map<String, UserType> made = new LinkedHashMap<>();
		for (String name : names) {
			made.put(name, type(name, configured.get(name), scopes.getOrDefault(name, List.of()), names));
		}
		this.types = Collections.unmodifiableMap(made);
	}

	/**
	 * The user type of this name, or {@code null}: never a default one.
	 */
	public @Nullable UserType find(String name) {
		return this.types.get(name);
	}

	/**
	 * All of them.
	 */
	public Collection<UserType> all() {
		return this.types.values();
	}

	/**
	 * Every scope that any user type has.
	 */
	public Set<String> allScopes() {
		return this.types.values().stream().flatMap((type) -> type.scopes().stream()).collect(Collectors.toSet());
	}

	private static Map<String, List<String>> scopes(Set<String> names,
			Map<String, UserTypesSettings.Entry> configured) {
		Map<String, List<String>> scopes = new LinkedHashMap<>();
		Set<String> union = new LinkedHashSet<>();
		for (String name : names) {
			UserTypesSettings.Entry entry = configured.get(name);
			Default fallback = DEFAULTS.get(name);
			List<String> own = (entry != null && entry.scopes() != null) ? entry.scopes()
					: (fallback != null && fallback.scopes() != null) ? fallback.scopes() : null;
			if (own != null) {
				own.forEach((scope) -> check(SCOPE.matcher(scope).matches(), name + ".scopes", scope,
						"letters, digits and : . _ / -, at most 64"));
				scopes.put(name, own);
				union.addAll(own);
			}
		}
		scopes.putIfAbsent("admin", List.copyOf(union));
		return scopes;
	}

	private static UserType type(String name, UserTypesSettings.@Nullable Entry entry, List<String> scopes,
			Set<String> names) {
		check(NAME.matcher(name).matches(), name, name, "a lower-case name of at most 32 letters, digits and -");
		Default fallback = DEFAULTS.getOrDefault(name, new Default(List.of(), List.of(), SHIFT));
		List<String> manages = (entry != null && entry.manages() != null) ? entry.manages() : fallback.manages();
		Set<String> managed = manages.contains(ALL) ? names : new LinkedHashSet<>(manages);
		managed.forEach((other) -> check(names.contains(other), name + ".manages", other,
				"one of " + String.join(", ", names) + " or all"));
		return new UserType(name, String.join(" ", scopes), new LinkedHashSet<>(scopes), managed,
				limits(name, (entry != null) ? entry.session() : null, fallback.limits()));
	}

	private static SessionLimits limits(String name, UserTypesSettings.@Nullable Limits limits,
			SessionLimits fallback) {
		if (limits == null) {
			return fallback;
		}
		Duration idle = (limits.idle() != null) ? limits.idle() : fallback.idle();
		Duration absolute = (limits.absolute() != null) ? limits.absolute() : fallback.absolute();
		int max = (limits.max() != null) ? limits.max() : fallback.max();
		check(idle.compareTo(Duration.ofSeconds(1)) >= 0, name + ".session.idle", idle, "1s or more");
		check(absolute.compareTo(idle) >= 0, name + ".session.absolute", absolute, "at least session.idle, " + idle);
		check(max >= 1, name + ".session.max", max, "1 or more");
		return new SessionLimits(idle, absolute, max);
	}

	private static void check(boolean right, String property, Object value, String expected) {
		if (!right) {
			throw new IllegalArgumentException(
					"auth-gateway.user-types." + property + ": " + value + " (expected " + expected + ")");
		}
	}

	private static Map<String, Default> defaults() {
		Map<String, Default> defaults = new LinkedHashMap<>();
		defaults.put("customer", new Default(List.of("orders:read", "orders:write"), List.of(),
				new SessionLimits(Duration.ofDays(14), Duration.ofDays(30), 10)));
		defaults.put("kitchen", new Default(List.of("kitchen:read", "kitchen:write"), List.of(), SHIFT));
		defaults.put("courier", new Default(List.of("deliveries:read", "deliveries:write"), List.of(), SHIFT));
		defaults.put("manager", new Default(List.of("reports:read", "users:manage"),
				List.of("customer", "kitchen", "courier", "warehouse"), OFFICE));
		defaults.put("warehouse", new Default(List.of("stock:read", "stock:write"), List.of(), SHIFT));
		defaults.put("admin", new Default(null, List.of(ALL), OFFICE));
		return defaults;
	}

	private record Default(@Nullable List<String> scopes, List<String> manages, SessionLimits limits) {

	}

}
