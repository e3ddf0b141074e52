package com.deliveryservice.authgateway.database;

import java.time.Duration;

/**
 * How long PostgreSQL is waited for. A bean of this type takes the place of
 * {@link #OF_REQUESTS}.
 *
 * @param connect for a TCP connection
 * @param call for everything that one call does, the wait for a connection included
 * @param statement on the server, for a statement
 * @param lock on the server, for a lock
 */
public record DatabasePatience(Duration connect, Duration call, Duration statement, Duration lock) {

	/**
	 * Somebody waits for an answer: a database that swallows what it is sent is a dead
	 * one, and a request is to be told within a second. The server's own statement
	 * timeout is longer, and ends what is left behind.
	 */
	public static final DatabasePatience OF_REQUESTS = new DatabasePatience(Duration.ofSeconds(1),
			Duration.ofMillis(900), Duration.ofSeconds(2), Duration.ofMillis(500));

	/**
	 * Somebody has started a command by hand, on a JVM that is cold, and rather waits.
	 */
	public static final DatabasePatience OF_COMMANDS = new DatabasePatience(Duration.ofSeconds(10),
			Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofSeconds(10));

}
