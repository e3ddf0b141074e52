package com.deliveryservice.authgateway.devstack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WorkflowAuthStandInTests {

	private static final Duration WAIT = Duration.ofSeconds(10);

	private final JsonMapper json = JsonMapper.builder().build();

	private final HttpClient http = HttpClient.newHttpClient();

	private final List<String> callbacks = new CopyOnWriteArrayList<>();

	private volatile String answer = "{}";

	private volatile int status = 200;

	private final DisposableServer authBackend = HttpServer.create()
		.host("localhost")
		.port(0)
		.handle((request, response) -> request.receive().aggregate().asString().flatMap((body) -> {
			this.callbacks.add(request.fullPath() + " " + request.requestHeaders().get("Authorization") + " " + body);
			return response.status(this.status).sendString(Mono.just(this.answer)).then();
		}))
		.bindNow();

	private WorkflowAuthStandIn standIn;

	@BeforeEach
	void start() {
		this.standIn = WorkflowAuthStandIn.start(0, "http://localhost:" + this.authBackend.port(), "workflow-auth",
				"s3cret");
	}

	@AfterEach
	void stop() {
		this.standIn.close();
		this.authBackend.disposeNow();
	}

	@ParameterizedTest
	@CsvSource({ "CheckUserExistance,loginExists", "AddUser,isUserAdded", "VerifySignUp,isSuccessful",
			"VerifyUserCredentials,isVerified" })
	void callsTheAuthBackendBackWithCredentials(String operation, String member) throws Exception {
		this.answer = "{\"" + member.toUpperCase(Locale.ROOT) + "\":true}";
		JsonNode body = call(operation, "{\"login\":\"anna\",\"email\":\"anna@example.org\"}");
		assertThat(body.path(member).asBoolean()).isTrue();
		assertThat(body.path("exceptionMessage").isNull()).isTrue();
		assertThat(this.callbacks).containsExactly("/Auth/" + operation + " Basic d29ya2Zsb3ctYXV0aDpzM2NyZXQ="
				+ " {\"login\":\"anna\",\"email\":\"anna@example.org\"}");
	}

	@Test
	void readsAnyBodyAsTheAnswerWhateverTheStatus() throws Exception {
		this.status = 503;
		this.answer = "{\"exceptionMessage\":\"overloaded: try again\"}";
		JsonNode body = call("VerifyUserCredentials", "{}");
		assertThat(body.path("isVerified").asBoolean(true)).isFalse();
		assertThat(body.path("exceptionMessage").asString()).isEqualTo("overloaded: try again");
	}

	@Test
	void anAuthBackendThatAnswersNoJsonIsAFailureWithStackTrace() throws Exception {
		this.answer = "<html>";
		JsonNode body = call("VerifySignUp", "{}");
		assertThat(body.path("isSuccessful").asBoolean(true)).isFalse();
		assertThat(body.path("workflowException").path("stackTrace").asString()).contains("at ");
	}

	@Test
	void sendsACodeOfSixDigitsIntoTheOutboxAndAnswersIt() throws Exception {
		this.answer = "{\"isUserAdded\":true,\"signUpGuid\":\"g1\",\"userType\":\"customer\"}";
		JsonNode first = call("AddUser", "{\"Email\":null,\"PhoneNumber\":\"+15550100\"}");
		JsonNode second = call("AddUser", "{\"phoneNumber\":\"+15550100\"}");
		assertThat(first.path("signUpGuid").asString()).isEqualTo("g1");
		assertThat(first.path("verificationCode").asString()).matches("\\d{6}");
		JsonNode outbox = this.json.readTree(get("/outbox?to=+15550100").body());
		assertThat(outbox).hasSize(2);
		assertThat(outbox.get(0).path("code")).isEqualTo(second.path("verificationCode"));
		assertThat(outbox.get(1).path("code")).isEqualTo(first.path("verificationCode"));
		assertThat(outbox.get(0).path("to").asString()).isEqualTo("+15550100");
		assertThat(Instant.parse(outbox.get(0).path("sent_at").asString())).isNotNull();
		assertThat(this.json.readTree(get("/outbox?to=bert%40example.org").body())).isEmpty();
	}

	@Test
	void aRefusedSignUpSendsNoCode() throws Exception {
		this.answer = "{\"isUserAdded\":false,\"userExistanceBefore\":{\"loginExists\":true}}";
		JsonNode body = call("AddUser", "{\"email\":\"anna@example.org\"}");
		assertThat(body.path("userExistanceBefore").path("loginExists").asBoolean()).isTrue();
		assertThat(this.standIn.codesSentTo("anna@example.org")).isEmpty();
	}

	@Test
	void itsOwnSignUpIdIsTurnedIntoTheAuthBackendsAgain() throws Exception {
		this.standIn.ownSignUpGuids(true);
		this.answer = "{\"isUserAdded\":true,\"signUpGuid\":\"theirs\"}";
		String own = call("AddUser", "{\"email\":\"anna@example.org\"}").path("signUpGuid").asString();
		call("VerifySignUp", "{\"signUpGuid\":\"" + own + "\"}");
		assertThat(own).isNotEqualTo("theirs").hasSize(36);
		assertThat(this.callbacks.get(1)).endsWith("{\"signUpGuid\":\"theirs\"}");
	}

	@Test
	void aNewSignInMovesTheEndOfTheSessionToken() throws Exception {
		this.standIn.sessionTokenLife(Duration.ofHours(1));
		JsonNode first = call("GetTokenByUserUid", "{\"userUid\":\"u1\"}");
		this.standIn.sessionTokenLife(Duration.ofHours(5));
		JsonNode second = call("GetTokenByUserUid", "{\"UserUid\":\"u1\"}");
		assertThat(second.path("tokenGuid")).isEqualTo(first.path("tokenGuid"));
		assertThat(second.path("tokenBeginDt")).isEqualTo(first.path("tokenBeginDt"));
		assertThat(second.path("tokenEndDt").asString()).isGreaterThan(first.path("tokenEndDt").asString())
			.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{7}");
		assertThat(this.callbacks).isEmpty();
	}

	@Test
	void misbehavesAsOftenAsItIsTold() throws Exception {
		send("POST", "/misbehave", "{\"operation\":\"GetTokenByUserUid\",\"mode\":\"status\",\"times\":2}");
		List<Integer> statuses = new ArrayList<>();
		for (int call = 0; call < 3; call++) {
			statuses.add(send("POST", "/AuthWebApi/GetTokenByUserUid", "{\"userUid\":\"u1\"}").statusCode());
		}
		assertThat(statuses).containsExactly(500, 500, 200);
		assertThat(this.standIn.calls(Operation.GET_TOKEN_BY_USER_UID)).hasSize(3);
	}

	@Test
	void aMisbehaviourWithoutOperationConcernsEachUntilItIsDeleted() throws Exception {
		send("POST", "/misbehave", "{\"mode\":\"refuse\"}");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> call("VerifySignUp", "{}"));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> call("AddUser", "{}"));
		assertThat(send("DELETE", "/misbehave", "").statusCode()).isEqualTo(204);
		assertThat(call("VerifySignUp", "{}").path("isSuccessful").asBoolean(true)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"mode\":\"nonsense\"}", "{\"mode\":\"refuse\",\"operation\":\"X\"}", "" })
	void anUnknownMisbehaviourIsRefused(String body) throws Exception {
		assertThat(send("POST", "/misbehave", body).statusCode()).isEqualTo(400);
	}

	@Test
	void aLostAnswerIsLostAfterTheWork() {
		this.standIn.misbehave(Operation.VERIFY_SIGN_UP, Misbehaviour.loseAnswer(), 1);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> call("VerifySignUp", "{}"));
		assertThat(this.callbacks).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "REFUSE", "LOSE_ANSWER", "SLOW", "SLOW_ANSWER" })
	void everyOtherModeAnswers(MisbehaviourMode mode) throws Exception {
		this.standIn.misbehave(null, mode.misbehaviour());
		assertThat(send("POST", "/AuthWebApi/GetTokenByUserUid", "{}").statusCode()).isIn(200, 204, 302, 500);
	}

	private JsonNode call(String operation, String body) throws IOException, InterruptedException {
		return this.json.readTree(send("POST", "/AuthWebApi/" + operation, body).body());
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return send("GET", path, "");
	}

	private HttpResponse<String> send(String method, String path, String body)
			throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.standIn.baseUrl() + path))
			.timeout(WAIT)
			.header("Content-Type", "application/json")
			.method(method, BodyPublishers.ofString(body))
			.build();
		return this.http.send(request, BodyHandlers.ofString());
	}

}
