package com.deliveryservice.authgateway.command;

import reactor.core.publisher.Mono;

/**
 * Something that the shipped jar does instead of serving. An implementation is a bean by
 * its {@link CommandDescription}; it is created, with what it needs, only when it was
 * asked for. No lifecycle bean runs meanwhile, so that nothing is written behind it:
 * security events are appended to a transaction and never just noted.
 */
public interface Command {

	/**
	 * Does it.
	 * @param options what was given on the command line, checked against the description
	 * @param terminal where results and progress go
	 * @return how it ended, with no deadline of its own but what its steps have; may fail
	 * with {@link CommandException} for what a person can act on
	 */
	Mono<Outcome> run(CommandOptions options, Terminal terminal);

}
