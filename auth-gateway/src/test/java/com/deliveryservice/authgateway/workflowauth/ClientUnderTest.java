package com.deliveryservice.authgateway.workflowauth;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

import javax.net.ssl.TrustManagerFactory;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A client of workflow-auth with everything around it that a test looks at.
 */
final class ClientUnderTest implements AutoCloseable {

	static final Duration WAIT = Duration.ofSeconds(10);

	static final UserCredentials ANNA = new UserCredentials("anna", "anna@example.org", null, "correct horse battery",
			"customer");

	static final UUID UID = UUID.fromString("8f14e45f-ceea-467f-a8d6-9d3c1f2b7a10");

	final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	final HttpWorkflowAuth client;

	private ClientUnderTest(WorkflowAuthSettings settings, CircuitBreakerConfig breaker,
			@Nullable TrustManagerFactory trust) {
		CallGuard guard = new CallGuard(settings.maxConcurrent(), breaker, this.meters);
		this.client = new HttpWorkflowAuth(settings, new Exchange(settings, trust), guard, Clock.systemUTC());
	}

	static ClientUnderTest of(String baseUrl) {
		return of(settings(baseUrl, Duration.ofSeconds(3), 50));
	}

	static ClientUnderTest of(WorkflowAuthSettings settings) {
		return of(settings, CallGuard.breaker());
	}

	static ClientUnderTest of(WorkflowAuthSettings settings, CircuitBreakerConfig breaker) {
		return new ClientUnderTest(settings, breaker, null);
	}

	static ClientUnderTest trusting(String baseUrl, TrustManagerFactory trust) {
		return new ClientUnderTest(settings(baseUrl, Duration.ofSeconds(3), 50), CallGuard.breaker(), trust);
	}

	static WorkflowAuthSettings settings(String baseUrl, Duration timeout, int maxConcurrent) {
		return new WorkflowAuthSettings(baseUrl, Duration.ofSeconds(1), timeout, "UTC", "gateway", "pässword",
				maxConcurrent, null);
	}

	/**
	 * A call of an operation, whatever it answers.
	 */
	Mono<?> call(Operation operation) {
		return switch (operation) {
			case ADD_USER -> this.client.addUser(ANNA);
			case VERIFY_SIGN_UP -> this.client.verifySignUp("g1", 1, SignUpClosingCode.SUCCESS);
			case VERIFY_USER_CREDENTIALS -> this.client.verifyUserCredentials(ANNA);
			case GET_TOKEN_BY_USER_UID -> this.client.getTokenByUserUid(UID);
		};
	}

	/**
	 * How many failures were counted.
	 */
	double failures(String operation, String reason) {
		Counter counter = this.meters.find("auth_gateway.workflow_auth.failures")
			.tags("operation", operation, "reason", reason)
			.counter();
		return (counter != null) ? counter.count() : 0;
	}

	@Override
	public void close() {
		this.client.close();
	}

}
