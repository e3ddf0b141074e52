package com.deliveryservice.authgateway.directory;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemException;

/**
 * As many passwords as may wait are waiting to be hashed, or one waited too long: 503
 * {@code overloaded}. It says nothing about the person.
 */
class HashingOverloadedException extends ProblemException {

	private static final long serialVersionUID = 1L;

	private static final Problem PROBLEM = Problem.overloaded();

	HashingOverloadedException() {
		super(PROBLEM);
	}

}
