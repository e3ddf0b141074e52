package com.deliveryservice.authgateway.database;

import java.time.Duration;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;

/**
 * PostgreSQL cannot be reached, has no room, is not migrated yet, or took too long: 503
 * {@code service-unavailable}. It says nothing about the person.
 */
public class DatabaseUnavailableException extends ProblemException {

	private static final long serialVersionUID = 1L;

	private static final Problem PROBLEM = Problem.of(ProblemCode.SERVICE_UNAVAILABLE)
		.withRetryAfter(Duration.ofSeconds(5));

	public DatabaseUnavailableException(Throwable cause) {
		super(PROBLEM, cause);
	}

	@Override
	public String getMessage() {
		Throwable cause = getCause();
		return "PostgreSQL: " + ((cause != null) ? cause.getClass().getSimpleName() : "not available");
	}

}
