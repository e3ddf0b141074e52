package com.deliveryservice.authgateway.soak;

/**
 * A connection ended without a byte of an answer. In a storm of resets a new connection
 * may be hit by a late event of the one that had its file descriptor before; the soak
 * allows for a very few, and says how many there were.
 */
final class Unanswered extends AssertionError {

	private static final long serialVersionUID = 1L;

	Unanswered(String expected) {
		super("expected " + expected + ", and nothing came");
	}

}
