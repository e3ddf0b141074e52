package com.deliveryservice.authgateway.forward;

import com.deliveryservice.authgateway.problem.ProblemCode;

/**
 * A request's head that is refused as it stands.
 */
final class MalformedHeadException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final ProblemCode code;

	MalformedHeadException(ProblemCode code, String reason) {
		super(reason, null, false, false);
		this.code = code;
	}

	ProblemCode code() {
		return this.code;
	}

}
