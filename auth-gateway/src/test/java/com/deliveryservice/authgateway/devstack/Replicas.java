package com.deliveryservice.authgateway.devstack;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.springframework.http.codec.ServerCodecConfigurer;
import tools.jackson.databind.JsonNode;

import com.deliveryservice.authgateway.testing.GatewayProcess;
import com.deliveryservice.authgateway.testing.TcpProxy;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two processes of the shipped jar over one PostgreSQL, each with a proxy of its own on
 * the way to it; the stand-in of workflow-auth, and a customer backend. One customer has
 * signed up.
 */
final class Replicas implements AutoCloseable {

	static final Duration POLL_EVERY = Duration.ofSeconds(2);

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private static final String PASSWORD = "correct horse battery";

	private static final String EMAIL = "anna@example.org";

	private final TestDatabase database = TestDatabase.create();

	private final TcpProxy databaseOfA = TcpProxy.to("localhost", this.database.port());

	private final TcpProxy databaseOfB = TcpProxy.to("localhost", this.database.port());

	private final WorkflowAuthStandIn standIn = WorkflowAuthStandIn.start(0, "http://localhost:1",
			GatewayProperties.DIRECTORY_CLIENT, GatewayProperties.DIRECTORY_SECRET);

	private final DemoBackend backend;

	private final Map<String, String> properties = new LinkedHashMap<>();

	private GatewayProcess first;

	private GatewayProcess second;

	Replicas() {
		// reads a file when its class is first used, which is not to be on an event loop
		ServerCodecConfigurer.create();
		String issuer = "http://gateway.example";
		this.backend = DemoBackend.start(0, "customer", "http://localhost:1", issuer);
		GatewayProperties.of(this.database, this.standIn, List.of(this.backend), issuer)
			.forEach((name, value) -> this.properties.put(name, value.toString()));
		this.properties.put("server.port", "0");
		this.properties.put("auth-gateway.internal.port", "0");
		this.properties.put("auth-gateway.revocation.poll-every", POLL_EVERY.toSeconds() + "s");
		this.first = start(this.databaseOfA);
		this.second = start(this.databaseOfB);
		awaitReady();
		signUp("anna", EMAIL, "");
	}

	App a() {
		return new App(edgeOf(this.first));
	}

	App b() {
		return new App(edgeOf(this.second));
	}

	TcpProxy databaseOfA() {
		return this.databaseOfA;
	}

	TcpProxy databaseOfB() {
		return this.databaseOfB;
	}

	/** Directly, past the proxies. */
	TestDatabase database() {
		return this.database;
	}

	/**
	 * Both end, as in a rolling update, and start anew, with nothing that they had in
	 * memory.
	 */
	void restart() throws InterruptedException {
		this.first.terminate();
		this.second.terminate();
		this.first.exitCode(PATIENCE);
		this.second.exitCode(PATIENCE);
		this.first = start(this.databaseOfA);
		this.second = start(this.databaseOfB);
		awaitReady();
	}

	/**
	 * The token response of a new session, opened on the first replica.
	 */
	JsonNode signIn() {
		HttpResponse<String> answer = App.answerOf(a().signingIn("anna", PASSWORD));
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return App.json(answer);
	}

	/**
	 * The access token of the first admin, who signs up with the invitation that a start
	 * logs.
	 */
	String admin() {
		String invitation = Pattern.compile("admin invitation: ([\\w-]+)")
			.matcher(this.first.output() + this.second.output())
			.results()
			.reduce((older, newer) -> newer)
			.orElseThrow()
			.group(1);
		signUp("chief", "chief@example.org", ",\"invitation\":\"" + invitation + "\"");
		return App.json(App.answerOf(a().signingIn("chief", PASSWORD))).path("access_token").asString();
	}

	@Override
	public void close() {
		this.first.close();
		this.second.close();
		this.backend.close();
		this.standIn.close();
		this.databaseOfA.close();
		this.databaseOfB.close();
	}

	private GatewayProcess start(TcpProxy database) {
		Map<String, String> all = new LinkedHashMap<>(this.properties);
		all.put("spring.r2dbc.url",
				new TestDatabase(this.database.host(), database.port(), this.database.name()).r2dbcUrl());
		return GatewayProcess.start(all);
	}

	private void awaitReady() {
		for (GatewayProcess replica : List.of(this.first, this.second)) {
			int internal = replica.internalPort(PATIENCE);
			Awaitility.await()
				.atMost(PATIENCE)
				.untilAsserted(() -> assertThat(GatewayProcess.get(internal, "/actuator/health/readiness").status())
					.as(replica.output())
					.isEqualTo(200));
		}
		this.standIn.authBackend("http://localhost:" + this.first.internalPort(PATIENCE));
		this.backend.gateway(edgeOf(this.first));
	}

	private void signUp(String login, String email, String more) {
		JsonNode signUp = App.json(a().postJson("/auth/sign-up", "{\"login\":\"" + login + "\",\"email\":\"" + email
				+ "\",\"password\":\"" + PASSWORD + "\"" + more + "}"));
		String code = this.standIn.codesSentTo(email).get(0);
		String path = "/auth/sign-up/" + signUp.path("sign_up_id").asString() + "/verification";
		assertThat(a().postJson(path, "{\"code\":\"" + code + "\"}").statusCode()).isEqualTo(204);
	}

	private static String edgeOf(GatewayProcess replica) {
		return "http://localhost:" + replica.edgePort(PATIENCE);
	}

}
