package com.deliveryservice.authgateway.devstack;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.BodyInserters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What happens to sessions behind the person's back, and what the person does about them.
 */
class AccountCareTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final Duration WAIT = Duration.ofSeconds(20);

	private static DevStack stack;

	private static App app;

	private static WebTestClient client;

	@BeforeAll
	static void start() {
		stack = DevStack.startOnFreePorts();
		app = new App(stack);
		client = WebTestClient.bindToServer().baseUrl(stack.edgeUrl()).responseTimeout(WAIT).build();
	}

	@AfterAll
	static void stop() {
		stack.close();
	}

	@Test
	void whoChangesThePasswordStaysAndEverybodyElseOfTheAccountIsOut() {
		String here = app.tokenOf("kitchen");
		JsonNode elsewhere = App.json(app.signIn("kitchen"));
		changePassword(here, "not it at all", "a new one 4 kitchen", 403);
		changePassword(here, DemoUsers.PASSWORD, "a new one 4 kitchen", 204);
		assertThat(app.get("/api/kitchen/x", here).statusCode()).isEqualTo(200);
		assertThat(app.get("/api/kitchen/x", elsewhere.path("access_token").asString()).statusCode()).isEqualTo(401);
		refresh(elsewhere.path("refresh_token").asString()).expectStatus().isBadRequest();
		assertThat(app.signIn("kitchen").statusCode()).isEqualTo(401);
		HttpResponse<String> again = App.answerOf(app.signingIn("kitchen", "a new one 4 kitchen"));
		assertThat(again.statusCode()).isEqualTo(200);
	}

	@Test
	void aRefreshRenewsTheSessionTokenOfWorkflowAuthAndOutlivesItsOutage() {
		String token = withSessionTokenThatIsAboutToEnd();
		int asked = stack.standIn().calls(Operation.GET_TOKEN_BY_USER_UID).size();
		token = refreshed(token);
		assertThat(stack.standIn().calls(Operation.GET_TOKEN_BY_USER_UID)).hasSize(asked + 1);
		stack.database().execute("UPDATE auth.session SET workflow_token_ends_at = now() - interval '1 hour'");
		stack.standIn().misbehave(Operation.GET_TOKEN_BY_USER_UID, Misbehaviour.refuse());
		token = refreshed(token);
		stack.database().execute("UPDATE auth.session SET workflow_token_ends_at = now() - interval '5 hours'");
		refresh(token).expectStatus().isEqualTo(503).expectHeader().exists("Retry-After");
		stack.standIn().behave();
		refreshed(token);
	}

	@Test
	void aRefusalOfWorkflowAuthEndsTheSession() {
		String access = app.tokenOf("courier");
		String token = withSessionTokenThatIsAboutToEnd();
		stack.standIn()
			.misbehave(Operation.GET_TOKEN_BY_USER_UID,
					MisbehaviourMode.EMPTY_TOKEN_GUID.misbehaviour(JsonNodeFactory.instance.objectNode()));
		refresh(token).expectStatus().isBadRequest().expectBody().jsonPath("$.error").isEqualTo("invalid_grant");
		stack.standIn().behave();
		refresh(token).expectStatus().isBadRequest();
		assertThat(app.get("/api/courier/x", access).statusCode()).isEqualTo(200);
	}

	@Test
	void aSessionShowsWhenItWasLastSeen() {
		String token = app.tokenOf("manager");
		stack.database().execute("UPDATE auth.session SET last_seen_at = now() - interval '1 hour'");
		assertThat(app.get("/api/manager/x", token).statusCode()).isEqualTo(200);
		await().atMost(WAIT).untilAsserted(() -> assertThat(lastSeen(token)).isAfter(halfAnHourAgo()));
	}

	private static String withSessionTokenThatIsAboutToEnd() {
		String token = App.json(app.signIn("courier")).path("refresh_token").asString();
		stack.database().execute("UPDATE auth.session SET workflow_token_ends_at = now() + interval '1 minute'");
		return token;
	}

	private static Instant halfAnHourAgo() {
		return Instant.now().minus(Duration.ofMinutes(30));
	}

	private static Instant lastSeen(String token) {
		JsonNode sessions = App.json(app.get("/auth/sessions", token)).path("sessions");
		return sessions.valueStream()
			.filter((session) -> session.path("current").asBoolean())
			.map((session) -> Instant.parse(session.path("last_seen_at").asString()))
			.findFirst()
			.orElseThrow();
	}

	private static String refreshed(String token) {
		byte[] body = refresh(token).expectStatus().isOk().expectBody().returnResult().getResponseBody();
		return JSON.readTree(body).path("refresh_token").asString();
	}

	private static WebTestClient.ResponseSpec refresh(String token) {
		return client.post()
			.uri("/oauth2/token")
			.body(BodyInserters.fromFormData("grant_type", "refresh_token").with("refresh_token", token))
			.exchange();
	}

	private static void changePassword(String token, String current, String replacement, int status) {
		client.put()
			.uri("/auth/password")
			.headers((headers) -> headers.setBearerAuth(token))
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(Map.of("current_password", current, "new_password", replacement))
			.exchange()
			.expectStatus()
			.isEqualTo(status);
	}

}
