package com.deliveryservice.authgateway.workflowauth;

import java.time.Duration;
import java.util.Set;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.reactor.bulkhead.operator.BulkheadOperator;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Bounds calls in number, stops them while workflow-auth is down, and accounts for every
 * outage. Only outages open the breaker: no refusal, no overload, and no client that
 * left.
 */
final class CallGuard {

	private static final Logger log = LoggerFactory.getLogger(CallGuard.class);

	private static final Set<String> DOWN = Set.of(Outage.CONNECT.reason(), Outage.TLS.reason(),
			Outage.CONNECTION.reason(), Outage.TIMEOUT.reason(), Outage.STATUS.reason(), Outage.UNEXPECTED.reason());

	/** How long nobody is asked once the breaker has opened. */
	static final Duration OPEN = Duration.ofSeconds(10);

	private final Bulkhead bulkhead;

	private final CircuitBreaker breaker;

	private final MeterRegistry meters;

	CallGuard(int maxConcurrent, CircuitBreakerConfig breaker, MeterRegistry meters) {
		this.bulkhead = Bulkhead.of("workflow-auth",
				BulkheadConfig.custom().maxConcurrentCalls(maxConcurrent).maxWaitDuration(Duration.ZERO).build());
		this.breaker = CircuitBreaker.of("workflow-auth", breaker);
		this.meters = meters;
	}

	/**
	 * Open for 10 s once half of the last 20 calls were outages; then three calls try.
	 */
	static CircuitBreakerConfig breaker() {
		return CircuitBreakerConfig.custom()
			.slidingWindow(20, 20, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED,
					CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE)
			.failureRateThreshold(50)
			.waitDurationInOpenState(OPEN)
			.permittedNumberOfCallsInHalfOpenState(3)
			.recordException(CallGuard::isDown)
			.ignoreExceptions(WorkflowAuthOverloadedException.class)
			.writableStackTraceEnabled(false)
			.build();
	}

	/**
	 * Guards a call.
	 * @param call the whole of it, with reading the answer and its deadline
	 * @return the same, failing with {@link WorkflowAuthUnavailableException} or
	 * {@link WorkflowAuthOverloadedException} alone
	 */
	<T> Mono<T> around(Operation operation, Mono<T> call) {
		return timed(operation, call).onErrorMap(CallGuard::isForeign, Outage.UNEXPECTED::asException)
			.transformDeferred(CircuitBreakerOperator.of(this.breaker))
			.transformDeferred(BulkheadOperator.of(this.bulkhead))
			.onErrorMap(CallNotPermittedException.class, (ex) -> Outage.BREAKER_OPEN.asException())
			.onErrorMap(BulkheadFullException.class, (ex) -> new WorkflowAuthOverloadedException())
			.doOnError((ex) -> account(operation.tag(), ex));
	}

	/**
	 * Counts a failure and logs it, with nothing of what was asked or answered.
	 * @param operation the tag
	 */
	void account(String operation, Throwable failure) {
		String reason = (failure instanceof WorkflowAuthUnavailableException ex) ? ex.reason() : "overloaded";
		Counter.builder("auth_gateway.workflow_auth.failures")
			.description("Calls to workflow-auth that failed, by reason")
			.tags("operation", operation, "reason", reason)
			.register(this.meters)
			.increment();
		if (reason.equals(Outage.BREAKER_OPEN.reason())) {
			log.debug("workflow-auth is not asked: operation={} reason={}", operation, reason);
		}
		else {
			log.warn("workflow-auth failed: operation={} reason={} cause={}", operation, reason,
					String.valueOf(failure.getCause()));
		}
	}

	/**
	 * Whether it is away or slow. One that answers nonsense is there: a person whose data
	 * it stumbles over must not shut out everybody else.
	 */
	private static boolean isDown(Throwable failure) {
		return failure instanceof WorkflowAuthUnavailableException outage && DOWN.contains(outage.reason());
	}

	private <T> Mono<T> timed(Operation operation, Mono<T> call) {
		return Mono.defer(() -> {
			Timer.Sample sample = Timer.start(this.meters);
			return call.doFinally((signal) -> sample.stop(timer(operation, signal)));
		});
	}

	private Timer timer(Operation operation, SignalType signal) {
		return Timer.builder("auth_gateway.workflow_auth.calls")
			.description("Calls to workflow-auth and how long they took")
			.tags("operation", operation.tag(), "outcome", outcome(signal))
			.register(this.meters);
	}

	private static String outcome(SignalType signal) {
		return switch (signal) {
			case ON_COMPLETE -> "answered";
			case CANCEL -> "cancelled";
			default -> "failed";
		};
	}

	private static boolean isForeign(Throwable failure) {
		return !(failure instanceof WorkflowAuthUnavailableException)
				&& !(failure instanceof WorkflowAuthOverloadedException);
	}

}
