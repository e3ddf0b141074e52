package com.deliveryservice.authgateway.token;

import java.time.Duration;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;

/**
 * No signing key could be loaded yet, so no token can be minted or judged: 503, never
 * 401.
 */
public class KeysUnavailableException extends ProblemException {

	private static final long serialVersionUID = 1L;

	private static final Problem PROBLEM = Problem.of(ProblemCode.SERVICE_UNAVAILABLE)
		.withRetryAfter(Duration.ofSeconds(5));

	public KeysUnavailableException() {
		super(PROBLEM);
	}

}
