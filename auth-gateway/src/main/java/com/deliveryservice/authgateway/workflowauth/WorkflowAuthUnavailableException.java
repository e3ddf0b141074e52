package com.deliveryservice.authgateway.workflowauth;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;

/**
 * workflow-auth is away, slow, or answered outside its contract: 503
 * {@code auth-service-unavailable}, never a verdict about the person.
 */
public class WorkflowAuthUnavailableException extends ProblemException {

	private static final long serialVersionUID = 1L;

	private static final Problem PROBLEM = Problem.of(ProblemCode.AUTH_SERVICE_UNAVAILABLE)
		.withRetryAfter(Duration.ofSeconds(5));

	private final String reason;

	/**
	 * An outage.
	 * @param reason what was wrong, for the log and as a metric tag: a few fixed words,
	 * nothing of the answer
	 * @param cause what happened, or {@code null}
	 */
	public WorkflowAuthUnavailableException(String reason, @Nullable Throwable cause) {
		super(reason.equals(Outage.BREAKER_OPEN.reason()) ? PROBLEM.withRetryAfter(CallGuard.OPEN) : PROBLEM, cause);
		this.reason = reason;
	}

	/**
	 * What was wrong, as a few fixed words.
	 */
	public String reason() {
		return this.reason;
	}

	/**
	 * Whether it may have done what it was asked for, and only its answer was lost.
	 */
	public boolean mayHaveWorked() {
		return Outage.ANSWER_LOST.contains(this.reason);
	}

	@Override
	public String getMessage() {
		return "workflow-auth: " + this.reason;
	}

}
