package com.deliveryservice.authgateway.workflowauth;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemException;

/**
 * As many calls to workflow-auth as the bulkhead allows are under way: 503
 * {@code overloaded}.
 */
public class WorkflowAuthOverloadedException extends ProblemException {

	private static final long serialVersionUID = 1L;

	private static final Problem PROBLEM = Problem.overloaded();

	public WorkflowAuthOverloadedException() {
		super(PROBLEM);
	}

}
