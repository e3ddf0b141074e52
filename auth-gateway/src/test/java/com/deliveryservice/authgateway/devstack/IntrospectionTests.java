package com.deliveryservice.authgateway.devstack;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import com.deliveryservice.authgateway.testing.TcpProxy;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A backend asks the internal listener about tokens (RFC 7662; contract/backends.md).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntrospectionTests {

	private static final Duration RECOVERY = Duration.ofSeconds(20);

	private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

	private final HttpClient http = HttpClient.newBuilder().connectTimeout(App.PATIENCE).build();

	private TcpProxy database;

	private DevStack stack;

	private App app;

	@BeforeAll
	void start() {
		this.database = TcpProxy.to("localhost", TestDatabase.create().port());
		this.stack = DevStack.startOnFreePorts("--dev.database.port=" + this.database.port(),
				"--auth-gateway.revocation.poll-every=1s", "--auth-gateway.revocation.max-staleness=5s");
		this.app = new App(this.stack);
	}

	@AfterAll
	void stop() {
		this.stack.close();
		this.database.close();
	}

	@Test
	void anAccessTokenIsActiveAndSaysWhoseItIs() {
		JsonNode signedIn = App.json(this.app.signIn("courier"));
		HttpResponse<String> answer = introspect(signedIn.path("access_token").asString());
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
		assertThat(answer.headers().firstValue("Connection")).as("the connection is kept").isEmpty();
		JsonNode told = App.json(answer);
		assertThat(told.path("active").asBoolean()).isTrue();
		assertThat(told.path("token_type").asString()).isEqualTo("Bearer");
		assertThat(told.path("aud").asString()).isEqualTo("delivery-api");
		assertThat(told.path("sub")).isEqualTo(signedIn.path("user").path("id"));
		assertThat(told.path("sid")).isEqualTo(signedIn.path("session_id"));
		assertThat(told.path("jti").asString()).matches(UUID);
		assertThat(told.path("user_type").asString()).isEqualTo("courier");
		assertThat(told.path("scope").asString()).isEqualTo("deliveries:read deliveries:write");
		assertThat(told.path("exp").asLong() - told.path("iat").asLong()).isEqualTo(300);
		assertThat(told.path("session_exp").asLong()).isGreaterThan(told.path("exp").asLong());
		assertThat(told.path("client_ip").asString()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
	}

	@Test
	void noOtherTokenIsEverActive() {
		JsonNode signedIn = App.json(this.app.signIn("courier"));
		String accessToken = signedIn.path("access_token").asString();
		JsonNode shown = App.json(this.app.get("/api/courier/x", accessToken));
		String assertion = shown.path("headers").path("X-Auth-Assertion").path(0).asString();
		assertThat(assertion).startsWith("ey");
		for (String token : new String[] { signedIn.path("refresh_token").asString(), assertion,
				signedIn.path("device_token").asString(), accessToken + "x", "x" + accessToken, "rubbish", "a.b.c",
				"\u0000", "€", "x".repeat(10_000) }) {
			HttpResponse<String> answer = introspect(token);
			assertThat(answer.statusCode()).as(token).isEqualTo(200);
			assertThat(answer.body()).as(token).isEqualTo("{\"active\":false}");
		}
	}

	@Test
	void theTokenOfAnEndedSessionIsInactive() {
		String token = this.app.tokenOf("courier");
		assertThat(App.json(introspect(token)).path("active").asBoolean()).isTrue();
		assertThat(this.app.post("/auth/sign-out", token).statusCode()).isEqualTo(204);
		assertThat(introspect(token).body()).isEqualTo("{\"active\":false}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "token=", "tokens=x", "token=a&token=a", "token=%zz", "token_type_hint=access_token" })
	void withoutExactlyOneTokenTheRequestIsInvalid(String form) {
		HttpResponse<String> answer = post(form, GatewayProperties.INTROSPECT_CLIENT,
				GatewayProperties.INTROSPECT_SECRET);
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).isEqualTo("{\"error\":\"invalid_request\"}");
	}

	@Test
	void onlyAClientWithTheRoleIsAnswered() {
		String form = "token=" + this.app.tokenOf("courier");
		HttpResponse<String> stranger = post(form, GatewayProperties.INTROSPECT_CLIENT, "wrong");
		assertThat(stranger.statusCode()).isEqualTo(401);
		assertThat(stranger.headers().firstValue("WWW-Authenticate"))
			.hasValueSatisfying((challenge) -> assertThat(challenge).startsWith("Basic "));
		assertThat(stranger.body()).isEqualTo("{\"error\":\"invalid_client\"}");
		HttpResponse<String> other = post(form, GatewayProperties.DIRECTORY_CLIENT, GatewayProperties.DIRECTORY_SECRET);
		assertThat(other.statusCode()).isEqualTo(403);
		assertThat(other.body()).doesNotContain("active");
	}

	@Test
	void theEdgeDoesNotServeIt() {
		HttpResponse<String> answer = send(this.stack.edgeUrl(), "token=" + this.app.tokenOf("courier"),
				GatewayProperties.INTROSPECT_CLIENT, GatewayProperties.INTROSPECT_SECRET);
		assertThat(answer.statusCode()).isEqualTo(404);
		assertThat(answer.headers().firstValue("X-Gateway-Error")).hasValue("no-route");
		assertThat(answer.body()).isEqualTo("{\"error\":\"invalid_request\"}");
	}

	@Test
	void withoutTheDatabaseItTellsWhatItKnowsUntilThatIsTooOld() {
		String token = this.app.tokenOf("courier");
		this.database.goAway();
		try {
			JsonNode told = App.json(introspect(token));
			assertThat(told.path("active").asBoolean()).isTrue();
			assertThat(told.has("client_ip")).isFalse();
			await().atMost(RECOVERY).until(() -> introspect(token).statusCode() == 503);
			HttpResponse<String> unknown = introspect(token);
			assertThat(unknown.body()).isEqualTo("{\"error\":\"temporarily_unavailable\"}");
			assertThat(unknown.headers().firstValue("Retry-After")).isPresent();
			assertThat(introspect("rubbish").body()).isEqualTo("{\"active\":false}");
		}
		finally {
			this.database.heal();
		}
		await().atMost(RECOVERY).until(() -> introspect(token).body().contains("client_ip"));
	}

	private HttpResponse<String> introspect(String token) {
		return post("token=" + URLEncoder.encode(token, StandardCharsets.UTF_8), GatewayProperties.INTROSPECT_CLIENT,
				GatewayProperties.INTROSPECT_SECRET);
	}

	private HttpResponse<String> post(String form, String client, String secret) {
		return send(this.stack.internalUrl(), form, client, secret);
	}

	private HttpResponse<String> send(String base, String form, String client, String secret) {
		String basic = Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
		HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/oauth2/introspect"))
			.timeout(App.PATIENCE)
			.header("Authorization", "Basic " + basic)
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString(form))
			.build();
		return App.answerOf(this.http.sendAsync(request, BodyHandlers.ofString()));
	}

}
