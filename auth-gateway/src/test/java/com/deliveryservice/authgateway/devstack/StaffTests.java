package com.deliveryservice.authgateway.devstack;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What staff does, against the whole dev stack; who may do what is
 * {@link StaffMatrixTests}.
 */
class StaffTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final Duration WAIT = Duration.ofSeconds(20);

	private static final List<String> TYPES = List.of("customer", "kitchen", "courier", "manager", "admin");

	private static final Map<String, String> TOKENS = new HashMap<>();

	private static final Map<String, String> IDS = new HashMap<>();

	private static DevStack stack;

	private static App app;

	private static WebTestClient client;

	@BeforeAll
	static void start() {
		stack = DevStack.startOnFreePorts();
		app = new App(stack);
		client = WebTestClient.bindToServer().baseUrl(stack.edgeUrl()).responseTimeout(WAIT).build();
		for (String type : TYPES) {
			JsonNode answer = App.json(app.signIn(type));
			TOKENS.put(type, answer.path("access_token").asString());
			IDS.put(type, answer.path("user").path("id").asString());
		}
	}

	@AfterAll
	static void stop() {
		stack.close();
	}

	@Test
	void aListHoldsNobodyWhomTheCallerDoesNotManageHoweverItIsPaged() {
		List<String> seen = new ArrayList<>();
		String token = "";
		do {
			JsonNode page = json(call("manager", HttpMethod.GET, "/auth/users?page_size=1" + token, null));
			page.path("users").forEach((user) -> seen.add(user.path("user_type").asString()));
			token = page.path("next_page_token").isString() ? "&page_token=" + page.path("next_page_token").asString()
					: "";
		}
		while (!token.isEmpty());
		assertThat(seen).contains("customer", "kitchen", "courier").doesNotContain("manager", "admin");
		JsonNode found = json(call("admin", HttpMethod.GET, "/auth/users?login=MANAGER&status=active", null));
		assertThat(found.path("users").size()).isEqualTo(1);
		assertThat(found.path("users").get(0).path("last_sign_in_at").isString()).isTrue();
		assertThat(json(call("manager", HttpMethod.GET, "/auth/users?user_type=admin", null)).path("users").isEmpty())
			.isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "page_size=0", "page_size=101", "page_size=x", "page_token=x", "status=gone",
			"page_token=AAAA" })
	void aListThatMakesNoSenseIsRefused(String query) {
		call("admin", HttpMethod.GET, "/auth/users?" + query, null).expectStatus().isBadRequest();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', value = { "`{}`", "`{\"status\":\"gone\"}`", "`{\"user_type\":\"astronaut\"}`",
			"`{\"status\":\"active\",\"user_type\":\"courier\"}`", "`{\"status\":1}`", "`nonsense`" })
	void aChangeThatMakesNoSenseIsRefused(String body) {
		raw("admin", HttpMethod.PATCH, "/auth/users/" + IDS.get("customer"), body).expectStatus().isBadRequest();
	}

	@Test
	void aUserThatIsNotThereIsNotFound() {
		for (String id : List.of("0a000000-0000-4000-8000-000000000001", "x", "%27%20OR%201=1", "0-0-0-0-0")) {
			call("admin", HttpMethod.GET, "/auth/users/" + id, null).expectStatus().isNotFound();
		}
	}

	@Test
	void aSuspendedCouriersTokenAndOpenWebSocketEndWithinASecond() {
		String id = signUpBy("manager", "courier", "rider");
		String token = json(post("/auth/sign-in", Map.of("login", "rider", "password", "correct horse battery")))
			.path("access_token")
			.asString();
		CompletableFuture<Integer> closed = app.openingWebSocket("/api/courier/ws", token);
		JsonNode suspended = json(
				call("manager", HttpMethod.PATCH, "/auth/users/" + id, Map.of("status", "suspended")));
		assertThat(suspended.path("status").asString()).isEqualTo("suspended");
		assertThat(closed).succeedsWithin(Duration.ofSeconds(1)).isEqualTo(1008);
		assertThat(app.get("/api/courier/x", token).statusCode()).isEqualTo(401);
		post("/auth/sign-in", Map.of("login", "rider", "password", "correct horse battery")).expectStatus()
			.isUnauthorized();
		json(call("manager", HttpMethod.PATCH, "/auth/users/" + id, Map.of("status", "active")));
		post("/auth/sign-in", Map.of("login", "rider", "password", "correct horse battery")).expectStatus().isOk();
	}

	@Test
	void aChangedTypeEndsTheSessionsAndHoldsAtTheNextSignIn() {
		String id = signUpBy("admin", "kitchen", "cook");
		String token = json(post("/auth/sign-in", Map.of("login", "cook", "password", "correct horse battery")))
			.path("access_token")
			.asString();
		assertThat(app.get("/api/kitchen/x", token).statusCode()).isEqualTo(200);
		assertThat(json(call("manager", HttpMethod.PATCH, "/auth/users/" + id, Map.of("user_type", "courier")))
			.path("user_type")
			.asString()).isEqualTo("courier");
		await().atMost(Duration.ofSeconds(1)).until(() -> app.get("/api/kitchen/x", token).statusCode() == 401);
		JsonNode again = json(post("/auth/sign-in", Map.of("login", "cook", "password", "correct horse battery")));
		assertThat(again.path("user").path("user_type").asString()).isEqualTo("courier");
		call("manager", HttpMethod.PATCH, "/auth/users/" + id, Map.of("user_type", "admin")).expectStatus()
			.isForbidden();
		call("manager", HttpMethod.DELETE, "/auth/users/" + id + "/sessions", null).expectStatus().isNoContent();
		assertThat(app.get("/api/courier/x", again.path("access_token").asString()).statusCode()).isEqualTo(401);
	}

	@Test
	void theLastActiveAdminStays() {
		String second = signUpBy("admin", "admin", "chief");
		String chief = json(post("/auth/sign-in", Map.of("login", "chief", "password", "correct horse battery")))
			.path("access_token")
			.asString();
		TOKENS.put("chief", chief);
		json(call("admin", HttpMethod.PATCH, "/auth/users/" + second, Map.of("status", "suspended")));
		expect("chief", HttpMethod.PATCH, "/auth/users/" + IDS.get("admin"), Map.of("status", "suspended"), 401,
				"invalid-token");
		expect("admin", HttpMethod.PATCH, "/auth/users/" + IDS.get("admin"), Map.of("user_type", "customer"), 403,
				"not-allowed");
	}

	@Test
	void whatStaffDoesIsRecordedAndAdminsReadIt() {
		call("admin", HttpMethod.DELETE, "/auth/users/" + IDS.get("kitchen") + "/sessions", null).expectStatus()
			.isNoContent();
		JsonNode events = json(call("admin", HttpMethod.GET,
				"/auth/audit?type=user_sessions_ended&user_id=" + IDS.get("kitchen"), null))
			.path("events");
		assertThat(events.get(0).path("actor_id").asString()).isEqualTo(IDS.get("admin"));
		assertThat(events.get(0).path("request_id").isString()).isTrue();
		expect("manager", HttpMethod.GET, "/auth/audit", null, 403, "forbidden");
		TOKENS.put("kitchen", app.tokenOf("kitchen"));
	}

	@Test
	void aDeletedInvitationIsGoodForNothing() {
		JsonNode given = json(call("manager", HttpMethod.POST, "/auth/invitations", Map.of("user_type", "courier")),
				201);
		String id = given.path("id").asString();
		assertThat(json(call("manager", HttpMethod.GET, "/auth/invitations", null)).toString()).contains(id)
			.doesNotContain(given.path("invitation").asString());
		call("manager", HttpMethod.DELETE, "/auth/invitations/" + id, null).expectStatus().isNoContent();
		call("manager", HttpMethod.DELETE, "/auth/invitations/" + id, null).expectStatus().isNoContent();
		assertThat(json(call("manager", HttpMethod.GET, "/auth/invitations", null)).toString()).doesNotContain(id);
		post("/auth/sign-up", Map.of("login", "late", "email", "late@example.org", "password", "correct horse battery",
				"invitation", given.path("invitation").asString()))
			.expectStatus()
			.isForbidden();
	}

	private static String signUpBy(String inviter, String userType, String login) {
		JsonNode given = json(call(inviter, HttpMethod.POST, "/auth/invitations",
				Map.of("user_type", userType, "email", login + "@example.org")), 201);
		JsonNode signUp = json(post("/auth/sign-up", Map.of("login", login, "email", login + "@example.org", "password",
				"correct horse battery", "invitation", given.path("invitation").asString())), 202);
		String code = stack.standIn().codesSentTo(login + "@example.org").get(0);
		post("/auth/sign-up/" + signUp.path("sign_up_id").asString() + "/verification", Map.of("code", code))
			.expectStatus()
			.isNoContent();
		JsonNode found = json(call("admin", HttpMethod.GET, "/auth/users?login=" + login, null)).path("users").get(0);
		assertThat(found.path("user_type").asString()).isEqualTo(userType);
		return found.path("id").asString();
	}

	private static void expect(String actor, HttpMethod method, String path, @Nullable Object body, int status,
			@Nullable String code) {
		WebTestClient.ResponseSpec answer = call(actor, method, path, body).expectStatus().isEqualTo(status);
		if (code != null) {
			answer.expectHeader().valueEquals("X-Gateway-Error", code);
		}
	}

	private static WebTestClient.ResponseSpec call(String actor, HttpMethod method, String path,
			@Nullable Object body) {
		return raw(actor, method, path, (body != null) ? JSON.writeValueAsString(body) : null);
	}

	private static WebTestClient.ResponseSpec raw(String actor, HttpMethod method, String path, @Nullable String body) {
		WebTestClient.RequestBodySpec request = client.method(method)
			.uri(URI.create(stack.edgeUrl() + path))
			.headers((headers) -> headers.setBearerAuth(String.valueOf(TOKENS.get(actor))));
		return (body != null) ? request.contentType(MediaType.APPLICATION_JSON).bodyValue(body).exchange()
				: request.exchange();
	}

	private static WebTestClient.ResponseSpec post(String path, Object body) {
		return client.post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(JSON.writeValueAsString(body))
			.exchange();
	}

	private static JsonNode json(WebTestClient.ResponseSpec answer) {
		return json(answer, 200);
	}

	private static JsonNode json(WebTestClient.ResponseSpec answer, int status) {
		byte[] body = answer.expectStatus().isEqualTo(status).expectBody().returnResult().getResponseBody();
		return JSON.readTree(Objects.requireNonNull(body));
	}

}
