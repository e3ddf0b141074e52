package com.deliveryservice.authgateway.command;

/**
 * How a command ended, as its exit code tells.
 */
public enum Outcome {

	/** Done, nothing found: 0. */
	DONE(0),

	/** It could not be done, or it found what it looked for: 1. */
	FAILED(1),

	/** It was called or configured wrongly, and nothing was done: 2. */
	USAGE(2);

	private final int exitCode;

	Outcome(int exitCode) {
		this.exitCode = exitCode;
	}

	/**
	 * Of the process.
	 */
	public int exitCode() {
		return this.exitCode;
	}

}
