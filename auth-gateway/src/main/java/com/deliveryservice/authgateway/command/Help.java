package com.deliveryservice.authgateway.command;

import java.util.List;

/**
 * What {@code --help} prints.
 */
final class Help {

	private static final String JAR = "java -jar auth-gateway.jar";

	private static final String PROPERTIES = """
			Properties of the server (--name.with.dots=value), environment variables and configuration files are read
			as the server reads them. Exit code 0: done; 1: failed, or something was found; 2: called or configured wrongly.""";

	private Help() {
	}

	/**
	 * Of the jar.
	 */
	static String of(KnownCommands commands) {
		StringBuilder text = new StringBuilder("Usage: " + JAR + " [--property=value ...]            serves\n");
		text.append("       " + JAR + " <command> [--option ...]           runs a command and ends\n");
		text.append("       " + JAR + " <command> --help                   says more about it\n\n");
		text.append(list(commands)).append('\n').append(PROPERTIES);
		return text.toString();
	}

	/**
	 * The commands, one line each.
	 */
	static String list(KnownCommands commands) {
		StringBuilder text = new StringBuilder("Commands:\n");
		commands.descriptions().forEach((command) -> text.append(row(command.name(), command.summary())));
		return text.toString();
	}

	/**
	 * Of one command.
	 */
	static String of(CommandDescription command) {
		StringBuilder text = new StringBuilder("Usage: " + JAR + " " + command.name());
		List<CommandOption> options = List.of(command.options());
		options.forEach((option) -> text.append(' ').append(inUsage(option)));
		text.append("\n\n").append(command.summary()).append("\n\n");
		options.forEach((option) -> text.append(row(written(option), option.meaning())));
		return text.append(options.isEmpty() ? "" : "\n").append(PROPERTIES).toString();
	}

	private static String inUsage(CommandOption option) {
		String written = written(option) + (option.repeatable() ? " ..." : "");
		return option.required() ? written : "[" + written + "]";
	}

	private static String written(CommandOption option) {
		return "--" + option.name() + (option.value().isEmpty() ? "" : " " + option.value());
	}

	private static String row(String left, String right) {
		return "  %-28s %s%n".formatted(left, right);
	}

}
