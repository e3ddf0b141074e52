package com.deliveryservice.authgateway.directory;

import java.time.Duration;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;

/**
 * As many passwords as may wait are waiting to be hashed, or one waited too long: 503
 * {@code overloaded}. It says nothing about the person.
 */
class HashingOverloadedException extends ProblemException {

	private static final long serialVersionUID = 1L;

	private static final Problem PROBLEM = Problem.of(ProblemCode.OVERLOADED).withRetryAfter(Duration.ofSeconds(2));

	HashingOverloadedException() {
		super(PROBLEM);
	}

}
