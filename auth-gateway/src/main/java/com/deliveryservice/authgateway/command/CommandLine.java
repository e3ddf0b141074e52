package com.deliveryservice.authgateway.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;

import com.deliveryservice.authgateway.command.KnownCommands.Known;
import com.deliveryservice.authgateway.database.DatabaseUnavailableException;

/**
 * The command line of the shipped jar.
 */
public final class CommandLine {

	private static final List<String> HELP = List.of("--help", "-h", "help");

	private final Class<?> application;

	private final KnownCommands commands;

	private final Terminal terminal;

	private CommandLine(Class<?> application, Terminal terminal) {
		this.application = application;
		this.commands = KnownCommands.in(application.getPackageName());
		this.terminal = terminal;
	}

	/**
	 * Whether these arguments ask for something else than serving: the first that is no
	 * property is a word, or asks for help.
	 */
	public static boolean isAsked(String... args) {
		String first = first(args);
		return first != null && (HELP.contains(first) || !first.startsWith("-"));
	}

	/**
	 * Does what the arguments ask for. Standard output is left to results: the log, whose
	 * console is standard output, goes to standard error from now on.
	 * @param application where the context begins
	 * @param args as {@code main} got them
	 * @return the exit code
	 */
	public static int run(Class<?> application, String... args) {
		PrintStream results = System.out;
		System.setOut(System.err);
		Terminal terminal = new Terminal(results, System.err, Terminal.isLookedAt());
		return new CommandLine(application, terminal).run(args).exitCode();
	}

	private Outcome run(String... args) {
		try {
			String name = String.valueOf(first(args));
			if (HELP.contains(name)) {
				this.terminal.result(Help.of(this.commands));
				return Outcome.DONE;
			}
			Known command = this.commands.find(name);
			if (command == null) {
				throw CommandException
					.usage("unknown command " + name + "\n" + Help.list(this.commands).stripTrailing());
			}
			List<String> arguments = new ArrayList<>(List.of(args));
			arguments.remove(name);
			return run(command, arguments);
		}
		catch (CommandException ex) {
			this.terminal.remark(String.valueOf(ex.getMessage()));
			return ex.outcome();
		}
	}

	private Outcome run(Known command, List<String> arguments) {
		if (arguments.stream().anyMatch((argument) -> HELP.contains(argument) && argument.startsWith("-"))) {
			this.terminal.result(Help.of(command.description()));
			return Outcome.DONE;
		}
		ParsedLine line = ParsedLine.of(arguments, command.description());
		try (ConfigurableApplicationContext context = CommandContext.start(this.application, line.properties())) {
			if (command.description().migrates()) {
				CommandContext.migrate(context);
			}
			return run(context.getBean(command.type()), line.options());
		}
	}

	/**
	 * Waits on the main thread, which has nothing else to do in this process.
	 */
	private Outcome run(Command command, CommandOptions options) {
		try {
			return command.run(options, this.terminal).blockOptional().orElse(Outcome.DONE);
		}
		catch (DatabaseUnavailableException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			throw CommandException.failed("The database cannot be used: " + cause.getMessage());
		}
		catch (CommandException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			Logger logger = LoggerFactory.getLogger(CommandLine.class);
			logger.error("The command ended by a mistake in it", ex);
			return Outcome.FAILED;
		}
	}

	private static @Nullable String first(String... args) {
		return Arrays.stream(args).filter((argument) -> !ParsedLine.isProperty(argument)).findFirst().orElse(null);
	}

}
