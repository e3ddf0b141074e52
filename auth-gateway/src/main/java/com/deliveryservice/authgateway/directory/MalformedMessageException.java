package com.deliveryservice.authgateway.directory;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;

/**
 * A callback that lacks what it is about: 400.
 */
class MalformedMessageException extends ProblemException {

	private static final long serialVersionUID = 1L;

	/**
	 * A message that cannot be used.
	 * @param what a few fixed words, nothing of the message
	 */
	MalformedMessageException(String what) {
		super(Problem.of(ProblemCode.INVALID_REQUEST).withDetail(what));
	}

}
