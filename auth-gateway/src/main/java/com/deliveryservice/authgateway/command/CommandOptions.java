package com.deliveryservice.authgateway.command;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The options that a command was given.
 */
public final class CommandOptions {

	private final Map<String, List<String>> values;

	CommandOptions(Map<String, List<String>> values) {
		this.values = Map.copyOf(values);
	}

	/**
	 * Options as the command line would give them.
	 * @param values all values by the name of their option
	 */
	public static CommandOptions of(Map<String, List<String>> values) {
		return new CommandOptions(values);
	}

	/**
	 * Whether it was given.
	 */
	public boolean has(String name) {
		return this.values.containsKey(name);
	}

	/**
	 * Its value, or {@code null} if it was not given.
	 */
	public @Nullable String value(String name) {
		List<String> all = all(name);
		return all.isEmpty() ? null : all.get(0);
	}

	/**
	 * The value of one that is required.
	 */
	public String required(String name) {
		return all(name).get(0);
	}

	/**
	 * All its values, in their order.
	 */
	public List<String> all(String name) {
		return this.values.getOrDefault(name, List.of());
	}

}
