package com.deliveryservice.authgateway.forward;

import java.time.Duration;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.upstream.UpstreamFailure;

/**
 * What an upstream's failure is for the client, and for the log.
 */
final class Failures {

	private static final Logger log = LoggerFactory.getLogger(Failures.class);

	private static final Problem BAD_GATEWAY = Problem.of(ProblemCode.BAD_GATEWAY);

	private static final Problem UPSTREAM_TIMEOUT = Problem.of(ProblemCode.UPSTREAM_TIMEOUT);

	private static final Map<UpstreamFailure, Problem> PROBLEMS = Map.of(UpstreamFailure.UNREACHABLE, BAD_GATEWAY,
			UpstreamFailure.BROKEN, BAD_GATEWAY, UpstreamFailure.MISFRAMED, BAD_GATEWAY,
			UpstreamFailure.CONNECT_TIMEOUT, UPSTREAM_TIMEOUT, UpstreamFailure.TIMEOUT, UPSTREAM_TIMEOUT,
			UpstreamFailure.NO_CAPACITY,
			Problem.of(ProblemCode.UPSTREAM_UNAVAILABLE).withRetryAfter(Duration.ofSeconds(1)));

	private Failures() {
	}

	static Problem problem(UpstreamFailure failure) {
		return PROBLEMS.getOrDefault(failure, BAD_GATEWAY);
	}

	/**
	 * Nothing was sent: the backend failed too often just now.
	 * @param remaining until somebody tries it again
	 */
	static Problem breakerOpen(Duration remaining) {
		return Problem.of(ProblemCode.UPSTREAM_UNAVAILABLE).withRetryAfter(remaining);
	}

	static void log(Forwarding forwarding, UpstreamFailure failure, Throwable cause) {
		log.warn("request {} to route {} failed: {} ({})", forwarding.id(), forwarding.route().id(), failure,
				cause.toString());
	}

	static void logCut(Forwarding forwarding, UpstreamFailure failure, Throwable cause) {
		log.warn("the answer to request {} to route {} was cut off: {} ({})", forwarding.id(), forwarding.route().id(),
				failure, cause.toString());
	}

}
