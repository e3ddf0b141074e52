package com.deliveryservice.authgateway.command;

/**
 * A command ends early; the message is the one line that the person gets.
 */
public class CommandException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Outcome outcome;

	CommandException(Outcome outcome, String line) {
		super(line);
		this.outcome = outcome;
	}

	/**
	 * It was called wrongly.
	 * @param line what to do instead
	 */
	public static CommandException usage(String line) {
		return new CommandException(Outcome.USAGE, line);
	}

	/**
	 * It could not be done.
	 * @param line why, and what to do
	 */
	public static CommandException failed(String line) {
		return new CommandException(Outcome.FAILED, line);
	}

	/**
	 * How the command ended.
	 */
	public Outcome outcome() {
		return this.outcome;
	}

}
