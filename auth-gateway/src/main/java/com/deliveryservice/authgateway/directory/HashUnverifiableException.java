package com.deliveryservice.authgateway.directory;

import java.time.Duration;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;

/**
 * A stored password hash cannot be compared with anything, since its pepper is missing or
 * it was damaged: 503 {@code service-unavailable}. The password may be right.
 */
class HashUnverifiableException extends ProblemException {

	private static final long serialVersionUID = 1L;

	private static final Problem PROBLEM = Problem.of(ProblemCode.SERVICE_UNAVAILABLE)
		.withRetryAfter(Duration.ofSeconds(30));

	HashUnverifiableException(Throwable cause) {
		super(PROBLEM, cause);
	}

}
