package com.deliveryservice.authgateway.devstack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.MediaType;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What a newcomer does in the first five minutes, against the whole dev stack.
 */
class WalkthroughTests {

	private static final Duration WAIT = Duration.ofSeconds(20);

	private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();

	private static DevStack stack;

	private static WebTestClient client;

	@BeforeAll
	static void start() {
		stack = DevStack.startOnFreePorts();
		client = WebTestClient.bindToServer().baseUrl(stack.edgeUrl()).responseTimeout(WAIT).build();
	}

	@AfterAll
	static void stop() {
		stack.close();
	}

	@Test
	void somebodySignsUpReadsTheCodeSignsInCallsABackendAndSignsOut() {
		JsonNode signUp = post("/auth/sign-up",
				Map.of("login", "anna", "email", "anna@example.org", "password", "correct horse battery"), 202);
		String code = stack.standIn().codesSentTo("anna@example.org").get(0);
		assertThat(signUp.toString()).doesNotContain(code);
		post("/auth/sign-up/" + signUp.path("sign_up_id").stringValue() + "/verification", Map.of("code", code), 204);
		String token = signIn("anna", "correct horse battery");
		assertThat(forwarded("customer", token)).isEqualTo(200);
		assertThat(forwarded("manager", token)).isEqualTo(403);
		client.post()
			.uri("/auth/sign-out")
			.headers((headers) -> headers.setBearerAuth(token))
			.exchange()
			.expectStatus()
			.isNoContent();
		assertThat(forwarded("customer", token)).isEqualTo(401);
	}

	@Test
	void somebodySignsUpWithAPhoneNumber() {
		JsonNode signUp = post("/auth/sign-up",
				Map.of("login", "carl", "phone_number", "+15550100", "password", "correct horse battery"), 202);
		String code = stack.standIn().codesSentTo("+15550100").get(0);
		post("/auth/sign-up/" + signUp.path("sign_up_id").stringValue() + "/verification", Map.of("code", code), 204);
		assertThat(signIn("carl", "correct horse battery")).isNotEmpty();
	}

	static Stream<Arguments> everyUserAndBackend() {
		return DemoUsers.LOGINS.stream()
			.flatMap((login) -> DemoBackend.NAMES.stream().map((backend) -> Arguments.of(login, backend)));
	}

	@ParameterizedTest
	@MethodSource("everyUserAndBackend")
	void eachBackendIsOpenToItsOwnUserTypeAndTheManagersToAdmins(String login, String backend) {
		boolean fits = login.equals(backend) || (login.equals("admin") && backend.equals("manager"));
		String token = TOKENS.computeIfAbsent(login, (user) -> signIn(user, DemoUsers.PASSWORD));
		assertThat(forwarded(backend, token)).isEqualTo(fits ? 200 : 403);
	}

	@Test
	void aBackendSeesWhoCallsAndNotTheAccessToken() {
		String token = signIn("courier", DemoUsers.PASSWORD);
		JsonNode shown = json(client.put()
			.uri("/api/courier/deliveries/7?done=true")
			.headers((headers) -> headers.setBearerAuth(token))
			.header("X-Auth-User-Id", "somebody-else")
			.bodyValue("hello")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult());
		assertThat(shown.path("backend").stringValue()).isEqualTo("courier");
		assertThat(shown.path("method").stringValue()).isEqualTo("PUT");
		assertThat(shown.path("path").stringValue()).isEqualTo("/deliveries/7");
		assertThat(shown.path("query").stringValue()).isEqualTo("done=true");
		assertThat(shown.path("body_length").intValue()).isEqualTo(5);
		JsonNode headers = shown.path("headers");
		assertThat(headers.path("X-Auth-User-Type").path(0).stringValue()).isEqualTo("courier");
		assertThat(headers.path("X-Auth-User-Id")).hasSize(1);
		assertThat(headers.path("X-Auth-User-Id").path(0).stringValue()).hasSize(36);
		assertThat(headers.has("Authorization")).isFalse();
	}

	@Test
	void anIngressThatForwardsByItselfGetsHeadersThatABackendBelieves() {
		String token = signIn("courier", DemoUsers.PASSWORD);
		HttpHeaders decided = WebTestClient.bindToServer()
			.baseUrl(stack.internalUrl())
			.responseTimeout(WAIT)
			.build()
			.get()
			.uri("/verify/nginx")
			.headers((headers) -> headers.setBearerAuth(token))
			.header("X-Original-Method", "GET")
			.header("X-Original-URI", "/api/courier/deliveries/7")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult()
			.getResponseHeaders();
		DemoBackend courier = stack.backends().get(DemoBackend.NAMES.indexOf("courier"));
		WebTestClient.bindToServer()
			.baseUrl(courier.baseUrl())
			.responseTimeout(WAIT)
			.build()
			.get()
			.uri("/deliveries/7")
			.header("X-Auth-Assertion", decided.getOrEmpty("X-Auth-Assertion").toArray(String[]::new))
			.exchange()
			.expectStatus()
			.isOk();
		assertThat(decided.getFirst("X-Auth-User-Type")).isEqualTo("courier");
	}

	@ParameterizedTest
	@CsvSource({ "customer, wrong-password", "nobody, delivery-demo-1" })
	void aWrongPasswordAndAnUnknownLoginGetTheSameAnswer(String login, String password) {
		assertThat(post("/auth/sign-in", Map.of("login", login, "password", password), 401).path("code").stringValue())
			.isEqualTo("invalid-credentials");
	}

	@Test
	void withoutATokenABackendIsClosed() {
		client.get().uri("/api/customer/orders").exchange().expectStatus().isUnauthorized();
	}

	@Test
	void aBackendRefusesWhoComesAroundTheGateway() {
		for (DemoBackend backend : stack.backends()) {
			WebTestClient.bindToServer()
				.baseUrl(backend.baseUrl())
				.build()
				.get()
				.uri("/orders")
				.header("X-Auth-User-Id", "8f14e45f-ceea-467f-a8d6-9d3c1f2b7a10")
				.exchange()
				.expectStatus()
				.isUnauthorized();
		}
	}

	@Test
	void workflowAuthThatIsDownIs503AndNoVerdict() {
		stack.standIn().misbehave(Operation.VERIFY_USER_CREDENTIALS, Misbehaviour.refuse(), 1);
		assertThat(post("/auth/sign-in", Map.of("login", "kitchen", "password", DemoUsers.PASSWORD), 503).path("code")
			.stringValue()).isEqualTo("auth-service-unavailable");
	}

	@Test
	void theLinesOfTheBannerWorkAsTheyAre() throws IOException, InterruptedException {
		assumeTrue(run("command -v curl sed").exit() == 0, "no curl here");
		Run run = run(new Banner(stack).commands());
		assertThat(statuses(run.output())).containsExactly("204", "200", "200", "403", "204", "401", "204");
		assertThat(run.output()).contains("\"login\":\"bert\"", "\"backend\":\"customer\"", "\"query\":\"page=1\"");
	}

	@Test
	void theBannerNamesEveryAddressAndUser() {
		assertThat(new Banner(stack).text())
			.contains(stack.edgeUrl(), stack.internalUrl(), stack.standIn().baseUrl(), stack.notifier().baseUrl(),
					DemoUsers.PASSWORD)
			.contains(DemoUsers.LOGINS)
			.contains(stack.backends().stream().map(DemoBackend::baseUrl).toList());
	}

	private static String signIn(String login, String password) {
		return post("/auth/sign-in", Map.of("login", login, "password", password), 200).path("access_token")
			.stringValue();
	}

	private static JsonNode post(String path, Map<String, String> body, int status) {
		return json(client.post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectBody()
			.returnResult());
	}

	private static int forwarded(String backend, String token) {
		return client.get()
			.uri("/api/" + backend + "/anything")
			.headers((headers) -> headers.setBearerAuth(token))
			.exchange()
			.returnResult(Void.class)
			.getStatus()
			.value();
	}

	private static JsonNode json(EntityExchangeResult<byte[]> result) {
		byte[] body = Objects.requireNonNullElse(result.getResponseBody(), new byte[0]);
		return JsonMapper.builder().build().readTree(body);
	}

	private static List<String> statuses(String output) {
		return output.lines()
			.filter((line) -> line.startsWith("HTTP/1.1 "))
			.map((line) -> line.substring(9, 12))
			.toList();
	}

	private static Run run(String script) throws IOException, InterruptedException {
		Process shell = new ProcessBuilder(List.of("sh", "-c", script)).redirectErrorStream(true).start();
		String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(shell.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
		return new Run(shell.exitValue(), output);
	}

	private record Run(int exit, String output) {

	}

}
