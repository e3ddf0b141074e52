package com.deliveryservice.authgateway.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A command's part of the command line, taken apart: an option with a dot in its name is
 * a property of the configuration, any other one has to be the command's own.
 */
final class ParsedLine {

	private static final String DASHES = "--";

	private final Map<String, List<String>> values = new LinkedHashMap<>();

	private final List<String> properties = new ArrayList<>();

	private ParsedLine() {
	}

	/**
	 * Takes it apart.
	 * @param arguments without the command's name
	 * @param command what it may be given
	 * @throws CommandException for an option that is unknown, missing, given twice, or
	 * without its value
	 */
	static ParsedLine of(List<String> arguments, CommandDescription command) {
		ParsedLine line = new ParsedLine();
		for (int i = 0; i < arguments.size(); i++) {
			String argument = arguments.get(i);
			if (isProperty(argument)) {
				line.properties.add(argument);
			}
			else if (line.take(argument, (i + 1 < arguments.size()) ? arguments.get(i + 1) : DASHES, command)) {
				i++;
			}
		}
		for (CommandOption option : command.options()) {
			if (option.required() && !line.values.containsKey(option.name())) {
				throw CommandException.usage(DASHES + option.name() + ": missing (" + option.meaning() + ")");
			}
		}
		return line;
	}

	/**
	 * Whether an argument belongs to the configuration.
	 */
	static boolean isProperty(String argument) {
		return argument.startsWith(DASHES) && nameOf(argument).contains(".");
	}

	CommandOptions options() {
		return new CommandOptions(this.values);
	}

	/**
	 * What Spring gets.
	 */
	String[] properties() {
		return this.properties.toArray(String[]::new);
	}

	/**
	 * Takes one option.
	 * @return whether the next argument was its value
	 */
	private boolean take(String argument, String next, CommandDescription command) {
		CommandOption option = find(argument, command);
		int equals = argument.indexOf('=');
		if (option.value().isEmpty()) {
			if (equals >= 0) {
				throw CommandException.usage(DASHES + option.name() + ": takes no value");
			}
			put(option, "");
			return false;
		}
		if (equals < 0 && next.startsWith(DASHES)) {
			throw CommandException.usage(DASHES + option.name() + ": needs a value, " + option.value());
		}
		put(option, (equals < 0) ? next : argument.substring(equals + 1));
		return equals < 0;
	}

	private void put(CommandOption option, String value) {
		List<String> all = this.values.computeIfAbsent(option.name(), (name) -> new ArrayList<>());
		if (!all.isEmpty() && !option.repeatable()) {
			throw CommandException.usage(DASHES + option.name() + ": given twice");
		}
		all.add(value);
	}

	private static CommandOption find(String argument, CommandDescription command) {
		for (CommandOption option : command.options()) {
			if (argument.startsWith(DASHES) && option.name().equals(nameOf(argument))) {
				return option;
			}
		}
		throw CommandException.usage("unknown option " + argument + " (see " + command.name() + " --help)");
	}

	private static String nameOf(String argument) {
		int equals = argument.indexOf('=');
		return argument.substring(DASHES.length(), (equals < 0) ? argument.length() : equals);
	}

}
