package com.deliveryservice.authgateway.problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

import reactor.core.publisher.Mono;

/**
 * Answers every failure of the API lane, before Spring Boot's own handler (order -1)
 * could. The cause is for the log, the request id for both.
 */
@Component
@Order(-2)
class FailureHandler implements WebExceptionHandler {

	private static final Logger logger = LoggerFactory.getLogger(FailureHandler.class);

	private final ProblemWriter writer;

	FailureHandler(ProblemWriter writer) {
		this.writer = writer;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
		if (exchange.getResponse().isCommitted()) {
			return Mono.error(failure);
		}
		Problem problem = Failures.problemOf(failure);
		log(ProblemWriter.requestId(exchange), problem, failure);
		return this.writer.write(exchange, problem);
	}

	private static void log(String requestId, Problem problem, Throwable failure) {
		if (problem.code() != ProblemCode.INTERNAL_ERROR) {
			logOutcome(requestId, problem, failure);
		}
		else if (DisconnectedClientHelper.isClientDisconnectedException(failure)) {
			logger.debug("Request {} lost its client", requestId);
		}
		else {
			logger.error("Request {} failed", requestId, failure);
		}
	}

	/**
	 * A refusal is no news; something that does not work is. Messages of a
	 * {@link ProblemException} are ours, those of other failures may hold bytes of the
	 * request.
	 */
	private static void logOutcome(String requestId, Problem problem, Throwable failure) {
		String reason = reason(failure);
		if (problem.status() >= 500) {
			logger.warn("Request {}: {} {} ({})", requestId, problem.status(), problem.code().code(), reason);
		}
		else {
			logger.debug("Request {}: {} {} ({})", requestId, problem.status(), problem.code().code(), reason);
		}
	}

	private static String reason(Throwable failure) {
		String reason = (failure instanceof ProblemException) ? String.valueOf(failure.getMessage())
				: failure.getClass().getName();
		Throwable cause = failure.getCause();
		return (cause != null && cause != failure) ? reason + " < " + reason(cause) : reason;
	}

}
