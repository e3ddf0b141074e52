package com.deliveryservice.authgateway.ops;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Finds properties under {@code auth-gateway} that nothing reads: a typing error would
 * otherwise leave a limit at its default, unnoticed.
 */
class UnknownProperties {

	private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("auth-gateway");

	private final Set<String> known;

	/**
	 * Makes the check.
	 * @param known every name that the settings records ask for
	 */
	UnknownProperties(Set<ConfigurationPropertyName> known) {
		this.known = known.stream().map(UnknownProperties::uniform).collect(Collectors.toSet());
	}

	/**
	 * The unknown ones of a configuration, sorted.
	 */
	List<ProblemLine> in(ConfigurableEnvironment environment) {
		Map<String, ProblemLine> unknown = new TreeMap<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource names) {
				names.stream()
					.filter((name) -> OURS.isAncestorOf(name) && !this.known.contains(uniform(name)))
					.forEach((name) -> unknown.put(uniform(name), ProblemLine.unknown(name.toString())));
			}
		}
		return List.copyOf(unknown.values());
	}

	/**
	 * The same for every spelling (kebab, camel, environment variable) and every index of
	 * a list.
	 */
	private static String uniform(ConfigurationPropertyName name) {
		return name.toString().toLowerCase(Locale.ROOT).replaceAll("\\[\\d+]", "[]").replaceAll("[-.]", "");
	}

}
