package com.deliveryservice.authgateway.workflowauth;

import java.time.Duration;
import java.util.List;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.devstack.Misbehaviour;
import com.deliveryservice.authgateway.devstack.MisbehaviourMode;
import com.deliveryservice.authgateway.devstack.Operation;
import com.deliveryservice.authgateway.devstack.WorkflowAuthStandIn;

import static com.deliveryservice.authgateway.workflowauth.ClientUnderTest.WAIT;
import static com.deliveryservice.authgateway.workflowauth.Operation.GET_TOKEN_BY_USER_UID;
import static com.deliveryservice.authgateway.workflowauth.Operation.VERIFY_USER_CREDENTIALS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Deadlines, breaker and bulkhead of the client.
 */
class CallGuardTests {

	@AutoClose
	private final WorkflowAuthStandIn standIn = WorkflowAuthStandIn.start(0, null, null, null);

	@AutoClose
	private final ClientUnderTest workflowAuth = client(Duration.ofSeconds(2), 50);

	@Test
	void aSlowAnswerIsAnOutageAtTheDeadline() {
		this.standIn.misbehave(null, Misbehaviour.slow(WAIT));
		long start = System.nanoTime();
		assertThat(fails(this.workflowAuth.call(GET_TOKEN_BY_USER_UID))).isEqualTo("timeout");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(1500),
				Duration.ofSeconds(5));
	}

	@Test
	void oneDeadlineBoundsAllCallsOfAClientRequestAndIsCountedForTheSlowOne() {
		this.standIn.misbehave(null, Misbehaviour.slow(Duration.ofMillis(1200)));
		Mono<?> both = this.workflowAuth.call(GET_TOKEN_BY_USER_UID)
			.then(this.workflowAuth.call(VERIFY_USER_CREDENTIALS));
		assertThat(fails(this.workflowAuth.client.deadline(both))).isEqualTo("timeout");
		assertThat(this.workflowAuth.failures("verify-user-credentials", "timeout")).isEqualTo(1);
		assertThat(this.standIn.calls(Operation.GET_TOKEN_BY_USER_UID)).hasSize(1);
	}

	@Test
	void whatHangsBetweenTheCallsIsBoundedToo() {
		Mono<Object> hanging = this.workflowAuth.call(GET_TOKEN_BY_USER_UID).then(Mono.never());
		assertThat(fails(this.workflowAuth.client.deadline(hanging))).isEqualTo("timeout");
		assertThat(this.workflowAuth.failures("deadline", "timeout")).isEqualTo(1);
	}

	@Test
	void aQuickChainOfCallsIsNotTouchedByTheDeadline() {
		assertThat(this.workflowAuth.client.deadline(this.workflowAuth.client.getTokenByUserUid(ClientUnderTest.UID))
			.block(WAIT)).isNotNull();
	}

	@Test
	void theBreakerOpensOnOutagesAndTriesAgain() {
		CircuitBreakerConfig quick = CircuitBreakerConfig.from(CallGuard.breaker())
			.waitDurationInOpenState(Duration.ofMillis(500))
			.build();
		try (ClientUnderTest client = ClientUnderTest
			.of(ClientUnderTest.settings(this.standIn.baseUrl(), Duration.ofSeconds(3), 50), quick)) {
			this.standIn.misbehave(null, MisbehaviourMode.STATUS.misbehaviour());
			callTimes(client, 20);
			assertThat(fails(client.call(GET_TOKEN_BY_USER_UID))).isEqualTo("breaker-open");
			assertThat(this.standIn.calls(Operation.GET_TOKEN_BY_USER_UID)).hasSize(20);
			assertThat(client.failures("get-token-by-user-uid", "breaker-open")).isEqualTo(1);
			this.standIn.behave();
			await().atMost(WAIT)
				.untilAsserted(
						() -> assertThat(client.call(GET_TOKEN_BY_USER_UID).onErrorComplete().block(WAIT)).isNotNull());
		}
	}

	@Test
	void slowCallsOpenTheBreakerAlsoWhenTheDeadlineOfTheClientRequestEndsThem() {
		this.standIn.misbehave(null, Misbehaviour.slow(WAIT));
		Flux.range(0, 20)
			.flatMap((call) -> this.workflowAuth.client.deadline(this.workflowAuth.call(GET_TOKEN_BY_USER_UID))
				.onErrorComplete(), 20)
			.blockLast(WAIT);
		assertThat(fails(this.workflowAuth.call(GET_TOKEN_BY_USER_UID))).isEqualTo("breaker-open");
	}

	@Test
	void nonsenseOpensNoBreakerForItMayBeAboutOnePersonAlone() {
		this.standIn.misbehave(null, MisbehaviourMode.EXCEPTION_MESSAGE.misbehaviour());
		callTimes(this.workflowAuth, 25);
		assertThat(fails(this.workflowAuth.call(GET_TOKEN_BY_USER_UID))).isEqualTo("failure");
	}

	@Test
	void refusalsOpenNoBreaker() {
		this.standIn.misbehave(null, Misbehaviour.json("{\"isVerified\":false,\"tokenGuid\":\"\"}"));
		for (int call = 0; call < 25; call++) {
			assertThat(this.workflowAuth.call(VERIFY_USER_CREDENTIALS).blockOptional(WAIT)).isEmpty();
			assertThat(this.workflowAuth.call(GET_TOKEN_BY_USER_UID).blockOptional(WAIT)).isEmpty();
		}
	}

	@Test
	void anOverloadedAuthBackendOpensNoBreaker() {
		this.standIn.misbehave(null, MisbehaviourMode.OVERLOADED.misbehaviour());
		callTimes(this.workflowAuth, 25);
		this.standIn.behave();
		assertThat(this.workflowAuth.call(GET_TOKEN_BY_USER_UID).block(WAIT)).isNotNull();
	}

	@Test
	void clientsThatLeaveOpenNoBreaker() {
		this.standIn.misbehave(null, Misbehaviour.slow(WAIT));
		for (int call = 1; call <= 25; call++) {
			leaveOnceAsked(this.workflowAuth, call);
		}
		this.standIn.behave();
		assertThat(this.workflowAuth.call(GET_TOKEN_BY_USER_UID).block(WAIT)).isNotNull();
		assertThat(this.workflowAuth.meters.find("auth_gateway.workflow_auth.failures").counters()).isEmpty();
	}

	@Test
	void moreCallsAtOnceThanTheBulkheadHoldsAreOverloadAtOnceAndOpenNoBreaker() {
		try (ClientUnderTest two = client(Duration.ofSeconds(5), 2)) {
			this.standIn.misbehave(null, Misbehaviour.slow(Duration.ofMillis(500)), 2);
			List<Object> outcomes = Flux.range(0, 30)
				.flatMap((call) -> two.call(GET_TOKEN_BY_USER_UID).cast(Object.class).onErrorResume(Mono::just), 30)
				.collectList()
				.blockOptional(WAIT)
				.orElseThrow();
			assertThat(outcomes).hasSize(30);
			assertThat(outcomes.subList(0, 28)).hasOnlyElementsOfType(WorkflowAuthOverloadedException.class);
			assertThat(outcomes.subList(28, 30)).hasOnlyElementsOfType(SessionToken.class);
			assertThat(two.call(GET_TOKEN_BY_USER_UID).block(WAIT)).isNotNull();
			assertThat(two.failures("get-token-by-user-uid", "overloaded")).isEqualTo(28);
		}
	}

	@Test
	void aCallThatIsCancelledGivesItsPlaceBack() {
		try (ClientUnderTest one = client(Duration.ofSeconds(5), 1)) {
			this.standIn.misbehave(null, Misbehaviour.slow(WAIT), 1);
			leaveOnceAsked(one, 1);
			assertThat(one.call(GET_TOKEN_BY_USER_UID).block(WAIT)).isNotNull();
		}
	}

	private ClientUnderTest client(Duration timeout, int maxConcurrent) {
		return ClientUnderTest.of(ClientUnderTest.settings(this.standIn.baseUrl(), timeout, maxConcurrent));
	}

	private void leaveOnceAsked(ClientUnderTest client, int calls) {
		Disposable call = client.call(GET_TOKEN_BY_USER_UID).subscribe();
		await().atMost(WAIT)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> this.standIn.calls(Operation.GET_TOKEN_BY_USER_UID).size() == calls);
		call.dispose();
	}

	private static void callTimes(ClientUnderTest client, int times) {
		Flux.range(0, times).concatMap((call) -> client.call(GET_TOKEN_BY_USER_UID).onErrorComplete()).blockLast(WAIT);
	}

	private static String fails(Mono<?> call) {
		return assertThatExceptionOfType(WorkflowAuthUnavailableException.class).isThrownBy(() -> call.block(WAIT))
			.actual()
			.reason();
	}

}
