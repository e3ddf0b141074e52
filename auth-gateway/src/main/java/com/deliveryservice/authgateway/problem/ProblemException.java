package com.deliveryservice.authgateway.problem;

import org.jspecify.annotations.Nullable;

/**
 * A failure that already knows its answer. Carries no stack trace: it is an outcome, not
 * a bug.
 */
public class ProblemException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient Problem problem;

	public ProblemException(Problem problem) {
		this(problem, null);
	}

	/**
	 * A refusal with what caused it.
	 * @param problem the answer
	 * @param cause what happened, for the log alone
	 */
	public ProblemException(Problem problem, @Nullable Throwable cause) {
		super(problem.code().code(), cause, false, false);
		this.problem = problem;
	}

	public Problem problem() {
		return this.problem;
	}

}
