package com.deliveryservice.authgateway.devstack;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an operator does to the signing keys, and what people notice of it.
 */
class KeysTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final Duration WAIT = Duration.ofSeconds(20);

	private static DevStack stack;

	private static App app;

	private static WebTestClient internal;

	@BeforeAll
	static void start() {
		stack = DevStack.startOnFreePorts();
		app = new App(stack);
		internal = WebTestClient.bindToServer().baseUrl(stack.internalUrl()).responseTimeout(WAIT).build();
	}

	@AfterAll
	static void stop() {
		stack.close();
	}

	@Test
	void aRotationIsNoticedByNobody() {
		String before = app.tokenOf("customer");
		String old = active();
		JsonNode keys = act(Map.of("action", "rotate"));
		assertThat(keys.path("keys").get(0).path("status").asString()).isEqualTo("active");
		assertThat(active()).isNotEqualTo(old);
		await().atMost(Duration.ofSeconds(2)).until(() -> !app.tokenOf("customer").startsWith(headerOf(before)));
		assertThat(app.get("/api/customer/x", before).statusCode()).isEqualTo(200);
		assertThat(app.get("/api/customer/x", app.tokenOf("customer")).statusCode()).isEqualTo(200);
	}

	@Test
	void aRevokedKeyIsRefusedAtOnceAndARefreshHelps() {
		String token = app.tokenOf("courier");
		assertThat(app.get("/api/courier/x", token).statusCode()).isEqualTo(200);
		String revoked = active();
		act(Map.of("action", "revoke", "kid", revoked));
		await().atMost(Duration.ofSeconds(1)).until(() -> app.get("/api/courier/x", token).statusCode() == 401);
		assertThat(app.get("/api/courier/x", app.tokenOf("courier")).statusCode()).isEqualTo(200);
		assertThat(app.get("/.well-known/jwks.json", token).body()).doesNotContain(revoked);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`',
			value = { "`{}`,400", "`{\"action\":\"delete\"}`,400", "`{\"action\":\"revoke\"}`,400",
					"`{\"action\":\"revoke\",\"kid\":\"nobody's\"}`,404", "`{\"action\":1}`,400", "`nonsense`,400",
					"`{\"action\":\"rotate\",\"action\":\"revoke\"}`,400" })
	void whatMakesNoSenseChangesNothing(String body, int status) {
		String before = active();
		post(body).expectStatus().isEqualTo(status).expectHeader().exists("X-Gateway-Error");
		assertThat(active()).isEqualTo(before);
	}

	@Test
	void nobodyElseMayDoIt() {
		internal.post()
			.uri("/actuator/keys")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue("{\"action\":\"rotate\"}")
			.exchange()
			.expectStatus()
			.isUnauthorized();
		assertThat(app.post("/actuator/keys", app.tokenOf("admin")).statusCode()).isEqualTo(404);
	}

	private static String headerOf(String token) {
		return token.substring(0, token.indexOf('.'));
	}

	private static String active() {
		JsonNode all = json(internal.get().uri("/actuator/keys").headers(KeysTests::operator).exchange());
		return all.path("keys")
			.valueStream()
			.filter((key) -> key.path("status").asString().equals("active"))
			.findFirst()
			.orElseThrow()
			.path("kid")
			.asString();
	}

	private static JsonNode act(Map<String, String> action) {
		return json(post(JSON.writeValueAsString(action)));
	}

	private static WebTestClient.ResponseSpec post(String body) {
		return internal.post()
			.uri("/actuator/keys")
			.headers(KeysTests::operator)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.exchange();
	}

	private static JsonNode json(WebTestClient.ResponseSpec answer) {
		byte[] body = answer.expectStatus().isOk().expectBody().returnResult().getResponseBody();
		return JSON.readTree(Objects.requireNonNull(body));
	}

	private static void operator(org.springframework.http.HttpHeaders headers) {
		headers.setBasicAuth(GatewayProperties.OPERATE_CLIENT, GatewayProperties.OPERATE_SECRET);
	}

}
