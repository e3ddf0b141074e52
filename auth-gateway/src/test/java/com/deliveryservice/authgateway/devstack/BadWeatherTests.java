package com.deliveryservice.authgateway.devstack;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * workflow-auth away, slow or talking nonsense, and every bulkhead at its smallest,
 * against the whole dev stack.
 */
class BadWeatherTests {

	private static final Duration WAIT = Duration.ofSeconds(30);

	private static DevStack stack;

	private static WebClient client;

	private static String token;

	@BeforeAll
	static void start() {
		stack = DevStack.startOnFreePorts("--auth-gateway.workflow-auth.max-concurrent=1",
				"--auth-gateway.directory.hashing.permits=1", "--auth-gateway.directory.hashing.queue=1",
				"--spring.r2dbc.pool.initial-size=1", "--spring.r2dbc.pool.min-idle=1",
				"--spring.r2dbc.pool.max-size=1");
		client = WebClient.builder()
			.baseUrl(stack.edgeUrl())
			.defaultStatusHandler((status) -> true, (response) -> Mono.empty())
			.build();
		token = json(signIn("courier")).path("access_token").stringValue();
	}

	@AfterAll
	static void stop() {
		stack.close();
	}

	@AfterEach
	void calm() {
		stack.standIn().behave();
		stack.standIn().ownSignUpGuids(false);
	}

	@Test
	void twentySignInsAtOnceWithEveryBulkheadAtItsSmallestEndAndNoneIsADeadlock() {
		List<Integer> statuses = Flux.range(0, 20)
			.flatMap((attempt) -> post("/auth/sign-in", credentials("courier")), 20)
			.map((answer) -> answer.getStatusCode().value())
			.collectList()
			.blockOptional(WAIT)
			.orElseThrow();
		assertThat(statuses).hasSize(20).contains(200).containsOnly(200, 503);
		assertThat(signIn("courier").getStatusCode().value()).isEqualTo(200);
	}

	@ParameterizedTest
	@EnumSource(names = { "SLOW", "REFUSE", "STATUS", "HTML", "GZIP_BOMB", "WORKFLOW_EXCEPTION", "MISSING_MEMBER" })
	void aSignInIs503WithinThreeSecondsWhileSignedInPeopleNoticeNothing(MisbehaviourMode mode) {
		stack.standIn().misbehave(null, mode.misbehaviour());
		long start = System.nanoTime();
		ResponseEntity<String> answer = signIn("kitchen");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(3500));
		assertThat(answer.getStatusCode().value()).isEqualTo(503);
		assertThat(answer.getHeaders().getFirst(HttpHeaders.RETRY_AFTER)).matches("[1-9][0-9]*");
		assertThat(json(answer).path("code").stringValue()).isEqualTo("auth-service-unavailable");
		assertThat(answer.getBody()).doesNotContain("Boom", "AuthWebApi", "trace");
		assertThat(forwarded()).isEqualTo(200);
	}

	@Test
	void aSessionTokenThatIsRefusedIs503AndOpensNoSession() {
		stack.standIn().misbehave(Operation.GET_TOKEN_BY_USER_UID, MisbehaviourMode.EMPTY_TOKEN_GUID.misbehaviour());
		assertThat(signIn("manager").getStatusCode().value()).isEqualTo(503);
		stack.standIn().behave();
		String managers = json(signIn("manager")).path("access_token").stringValue();
		String sessions = client.get()
			.uri("/auth/sessions")
			.headers((headers) -> headers.setBearerAuth(managers))
			.retrieve()
			.bodyToMono(String.class)
			.blockOptional(WAIT)
			.orElseThrow();
		assertThat(JsonMapper.builder().build().readTree(sessions).path("sessions")).hasSize(1);
	}

	@Test
	void aRightCodeThatWorkflowAuthCouldNotBeToldIs503AndItsRepetitionIs204() {
		String verification = signUp("dora");
		Map<String, String> code = Map.of("code", stack.standIn().codesSentTo("dora@example.org").get(0));
		stack.standIn().misbehave(Operation.VERIFY_SIGN_UP, Misbehaviour.loseAnswer(), 1);
		assertThat(send(verification, code).getStatusCode().value()).isEqualTo(503);
		assertThat(send(verification, code).getStatusCode().value()).isEqualTo(204);
	}

	@Test
	void workflowAuthMayMakeItsOwnSignUpIds() {
		stack.standIn().ownSignUpGuids(true);
		String verification = signUp("emil");
		Map<String, String> code = Map.of("code", stack.standIn().codesSentTo("emil@example.org").get(0));
		assertThat(send(verification, code).getStatusCode().value()).isEqualTo(204);
	}

	private static String signUp(String login) {
		ResponseEntity<String> answer = send("/auth/sign-up",
				Map.of("login", login, "email", login + "@example.org", "password", "correct horse battery"));
		assertThat(answer.getStatusCode().value()).isEqualTo(202);
		return "/auth/sign-up/" + json(answer).path("sign_up_id").stringValue() + "/verification";
	}

	private static int forwarded() {
		return client.get()
			.uri("/api/courier/deliveries")
			.headers((headers) -> headers.setBearerAuth(token))
			.retrieve()
			.toBodilessEntity()
			.blockOptional(WAIT)
			.orElseThrow()
			.getStatusCode()
			.value();
	}

	private static ResponseEntity<String> signIn(String login) {
		return send("/auth/sign-in", credentials(login));
	}

	private static Map<String, String> credentials(String login) {
		return Map.of("login", login, "password", DemoUsers.PASSWORD);
	}

	private static ResponseEntity<String> send(String path, Map<String, String> body) {
		return post(path, body).blockOptional(WAIT).orElseThrow();
	}

	private static Mono<ResponseEntity<String>> post(String path, Map<String, String> body) {
		return client.post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.retrieve()
			.toEntity(String.class);
	}

	private static JsonNode json(ResponseEntity<String> answer) {
		String body = answer.getBody();
		return JsonMapper.builder().build().readTree((body != null) ? body : "");
	}

}
