package com.deliveryservice.authgateway.account;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import com.deliveryservice.authgateway.workflowauth.UserCreation;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuthOverloadedException;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuthUnavailableException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code POST /auth/sign-up}, row by row.
 */
class SignUpTests extends SignUpApiTest {

	@Test
	void aCodeIsOnItsWay() {
		String login = someone();
		signUp(body(login)).expectStatus()
			.isAccepted()
			.expectHeader()
			.valueEquals("Cache-Control", "no-store")
			.expectBody()
			.jsonPath("$.sign_up_id")
			.value(String.class, (id) -> assertThat(UUID.fromString(id)).isNotNull())
			.jsonPath("$.code_expires_at")
			.value(String.class, (at) -> assertThat(at).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z"))
			.jsonPath("$.attempts_left")
			.isEqualTo(5)
			.jsonPath("$.length()")
			.isEqualTo(3);
		assertThat(canSignIn(login)).isFalse();
	}

	@Test
	void workflowAuthIsGivenTheContactToVerifyAlone() {
		String login = someone();
		signedUp("""
				{"login":"%s","email":"%s@example.org","phone_number":"+15550122","password":"%s"}""".formatted(login,
				login, PASSWORD));
		signedUp("""
				{"login":"%s","phone_number":"+15550123","password":"%s"}""".formatted(login, PASSWORD));
		assertThat(this.workflowAuth.added.get(0)).returns(login + "@example.org", (user) -> user.email())
			.returns(null, (user) -> user.phoneNumber());
		assertThat(this.workflowAuth.added.get(1)).returns(null, (user) -> user.email())
			.returns("+15550123", (user) -> user.phoneNumber());
	}

	@Test
	void theGatewaysIdIsNotWorkflowAuths() {
		UUID id = signedUp(body(someone()));
		verify(id, ScriptedWorkflowAuth.CODE).expectStatus().isNoContent();
		assertThat(this.workflowAuth.told).extracting((told) -> told.guid()).doesNotContain(id.toString());
	}

	@Test
	void whatTheBodySaysAboutTypeAndStateChangesNothing() {
		String login = someone();
		UUID id = signedUp("""
				{"login":"%1$s","email":"%1$s@example.org","password":"%2$s","user_type":"manager","userType":"admin",
				 "status":"active","is_verified":true,"tries_number":0,"attempts":-100,"scopes":["users:manage"]}"""
			.formatted(login, PASSWORD));
		assertThat(canSignIn(login)).isFalse();
		expectProblem(verify(id, "000000"), 422, "code-incorrect").jsonPath("$.attempts_left").isEqualTo(4);
		verify(id, ScriptedWorkflowAuth.CODE).expectStatus().isNoContent();
		assertThat(typeOf(login)).isEqualTo("customer");
	}

	static Stream<Arguments> wrongFields() {
		return Stream.of(Arguments.of("login", "missing", "{\"email\":\"a@example.org\",\"password\":\"longenough1\"}"),
				Arguments.of("login", "wrong-type",
						"{\"login\":5,\"email\":\"a@example.org\",\"password\":\"longenough1\"}"),
				Arguments.of("login", "invalid", with("a b", "\"a@example.org\"", "long enough")),
				Arguments.of("login", "invalid", with("ab", "\"a@example.org\"", "long enough")),
				Arguments.of("login", "invalid", with("a".repeat(65), "\"a@example.org\"", "long enough")),
				Arguments.of("login", "wrong-type", with("an\\u0000na", "\"a@example.org\"", "long enough")),
				Arguments.of("email", "missing", with("anna", "null", "long enough")),
				Arguments.of("email", "invalid", with("anna", "\"\"", "long enough")),
				Arguments.of("email", "invalid",
						with("anna", "\"a@example.org\\r\\nBcc: b@example.org\"", "long enough")),
				Arguments.of("email", "wrong-type", with("anna", "[\"a@example.org\"]", "long enough")),
				Arguments.of("phone_number", "invalid",
						with("anna", "\"a@example.org\",\"phone_number\":\"0155\"", "long enough")),
				Arguments.of("password", "too-short", with("anna", "\"a@example.org\"", "1234567")),
				Arguments.of("password", "too-long", with("anna", "\"a@example.org\"", "ab1 ".repeat(33))),
				Arguments.of("password", "too-common", with("anna", "\"a@example.org\"", "Password1")),
				Arguments.of("password", "too-common", with("annalena", "\"a@example.org\"", "AnnaLena")),
				Arguments.of("password", "too-common", with("anna", "\"a@example.org\"", "DeliveryService2026!")),
				Arguments.of("password", "missing", "{\"login\":\"anna\",\"email\":\"a@example.org\"}"),
				Arguments.of("password", "wrong-type",
						"{\"login\":\"anna\",\"email\":\"a@example.org\",\"password\":12345678}"),
				Arguments.of("invitation", "wrong-type",
						"{\"login\":\"anna\",\"email\":\"a@example.org\",\"password\":\"long enough\",\"invitation\":{}}"));
	}

	@ParameterizedTest
	@MethodSource("wrongFields")
	void whatIsWrongIsSaidByField(String field, String code, String body) {
		expectProblem(signUp(body), 400, "validation-failed").jsonPath("$.errors[0].field")
			.isEqualTo(field)
			.jsonPath("$.errors[0].code")
			.isEqualTo(code)
			.jsonPath("$.errors[0].message")
			.isNotEmpty();
		assertThat(this.workflowAuth.added).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "null", "\"x\"", "{\"login\":\"a\",\"login\":\"b\"}" })
	void malformedJsonIs400(String body) {
		signUp(body).expectStatus().isBadRequest();
	}

	@Test
	void anotherMediaTypeIs415AndTooMuchIs413() {
		expectProblem(this.client.post()
			.uri("/auth/sign-up")
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.bodyValue("login=anna")
			.exchange(), 415, "unsupported-media-type");
		expectProblem(signUp("{\"login\":\"" + "a".repeat(20_000) + "\"}"), 413, "too-large");
	}

	@Test
	void eightAndAHundredAndTwentyEightCharactersAreFine() {
		signedUp(body(someone()).replace(PASSWORD, "\uD83D\uDE00x9\u00E9-7q!"));
		signedUp(body(someone()).replace(PASSWORD, "\uD83D\uDE00\u00E9x9".repeat(32)));
	}

	@Test
	void aVerifiedLoginOrContactIs409WithoutSayingWhich() {
		String login = someone();
		verify(signedUp(body(login)), ScriptedWorkflowAuth.CODE).expectStatus().isNoContent();
		byte[] byLogin = expectProblem(
				signUp(body(login.toUpperCase(java.util.Locale.ROOT), someone() + "@example.org")), 409, "user-exists")
			.returnResult()
			.getResponseBody();
		byte[] byContact = expectProblem(signUp(body(someone(), login + "@EXAMPLE.org")), 409, "user-exists")
			.returnResult()
			.getResponseBody();
		assertThat(withoutRequestId(byLogin)).isEqualTo(withoutRequestId(byContact));
	}

	@Test
	void theUnverifiedContactBlocksNobody() {
		String login = someone();
		UUID first = signedUp("""
				{"login":"%1$s","email":"%1$s@example.org","phone_number":"+15550177","password":"%2$s"}"""
			.formatted(login, PASSWORD));
		verify(first, ScriptedWorkflowAuth.CODE).expectStatus().isNoContent();
		UUID second = signedUp("""
				{"login":"%s","phone_number":"+15550177","password":"%s"}""".formatted(someone(), PASSWORD));
		verify(second, ScriptedWorkflowAuth.CODE).expectStatus().isNoContent();
	}

	@Test
	void anUnknownInvitationIs403AndIsNoSignUpOfACustomer() {
		String body = body(someone()).replace("{", "{\"invitation\":\"made up\",");
		expectProblem(signUp(body), 403, "sign-up-not-allowed");
		assertThat(this.workflowAuth.added).isEmpty();
	}

	@Test
	void theFourthCodeToOneContactInAnHourIs429() {
		String email = someone() + "@example.org";
		for (int i = 0; i < 3; i++) {
			signedUp(body(someone(), email));
		}
		expectProblem(signUp(body(someone(), email.toUpperCase(java.util.Locale.ROOT))), 429, "too-many-requests");
		signUp(body(someone(), email)).expectHeader()
			.value("Retry-After", (seconds) -> assertThat(Integer.parseInt(seconds)).isBetween(3000, 3600));
	}

	@Test
	void anOutageOfWorkflowAuthUsesUpNoCode() {
		String login = someone();
		this.workflowAuth.addUserInstead(ScriptedWorkflowAuth::away);
		for (int i = 0; i < 5; i++) {
			expectUnavailable(login);
		}
		this.workflowAuth.behave();
		signedUp(body(login));
	}

	static Stream<Arguments> nonsense() {
		return Stream.of(Arguments.of(new UserCreation(true, false, "guid", null)),
				Arguments.of(new UserCreation(true, false, "guid", "")),
				Arguments.of(new UserCreation(true, false, "guid", "123")),
				Arguments.of(new UserCreation(true, false, "guid", "12345678901")),
				Arguments.of(new UserCreation(true, false, "guid", "12a456")),
				Arguments.of(new UserCreation(true, false, "guid", "\u0661\u0662\u0663\u0664")),
				Arguments.of(new UserCreation(true, false, null, "123456")),
				Arguments.of(new UserCreation(false, false, null, null)));
	}

	@ParameterizedTest
	@MethodSource("nonsense")
	void nonsenseOfWorkflowAuthIs503(UserCreation nonsense) {
		this.workflowAuth.addUserInstead(() -> Mono.just(nonsense));
		expectUnavailable(someone());
	}

	static Stream<Arguments> outages() {
		return Stream.of(Arguments.of("timeout", 429), Arguments.of("connection", 429), Arguments.of("connect", 503),
				Arguments.of("breaker-open", 503), Arguments.of("status", 503), Arguments.of("not-added", 503));
	}

	@ParameterizedTest
	@MethodSource("outages")
	void aCodeThatMayHaveBeenSentIsCountedForItsContact(String reason, int atTheFourthTry) {
		this.workflowAuth.addUserInstead(() -> Mono.error(new WorkflowAuthUnavailableException(reason, null)));
		String login = someone();
		for (int tries = 0; tries < 3; tries++) {
			expectUnavailable(login);
		}
		signUp(body(login)).expectStatus().isEqualTo(atTheFourthTry);
	}

	@Test
	void aPasswordThatIsTooCommonCostsTheContactNothing() {
		String login = someone();
		for (int tries = 0; tries < 4; tries++) {
			expectProblem(signUp(body(login).replace(PASSWORD, "Password1")), 400, "validation-failed");
		}
		signUp(body(login)).expectStatus().isAccepted();
	}

	@Test
	void nobodysPasswordIsLookedAtOnceTheContactIsOverItsLimit() {
		String login = someone();
		for (int codes = 0; codes < 3; codes++) {
			signUp(body(login)).expectStatus().isAccepted();
		}
		expectProblem(signUp(body(login).replace(PASSWORD, "Password1")), 429, "too-many-requests");
	}

	@Test
	void anOverloadIsSaidAsSuch() {
		this.workflowAuth.addUserInstead(() -> Mono.error(new WorkflowAuthOverloadedException()));
		signUp(body(someone())).expectStatus()
			.isEqualTo(503)
			.expectHeader()
			.valueEquals("X-Gateway-Error", "overloaded");
	}

	@Test
	void theSameLoginAndContactOverridesOnlyOnceItHasItsCode() {
		String login = someone();
		UUID first = signedUp(body(login));
		this.workflowAuth.addUserInstead(ScriptedWorkflowAuth::away);
		expectUnavailable(login);
		expectProblem(verify(first, "000000"), 422, "code-incorrect");
		this.workflowAuth.behave();
		UUID second = signedUp(body(login));
		expectClosed(verify(first, ScriptedWorkflowAuth.CODE), "overridden");
		verify(second, ScriptedWorkflowAuth.CODE).expectStatus().isNoContent();
		assertThat(canSignIn(login)).isTrue();
	}

	@Test
	void withAnotherContactBothStayAndTheFirstVerifiedWins() {
		String login = someone();
		UUID first = signedUp(body(login));
		UUID second = signedUp(body(login, someone() + "@example.org"));
		verify(first, ScriptedWorkflowAuth.CODE).expectStatus().isNoContent();
		expectProblem(verify(second, ScriptedWorkflowAuth.CODE), 409, "user-exists");
		expectProblem(verify(second, ScriptedWorkflowAuth.CODE), 409, "user-exists");
	}

	@Test
	void thePasswordIsThatOfTheSignUpThatWasVerified() {
		this.workflowAuth.ownGuids();
		String login = someone();
		List<UUID> ids = Flux.just("the first of the two", "the second of the two")
			.flatMap((password) -> Mono.fromCallable(() -> signedUp(body(login).replace(PASSWORD, password)))
				.subscribeOn(Schedulers.boundedElastic()))
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		long verified = ids.stream()
			.filter((id) -> verify(id, ScriptedWorkflowAuth.CODE).returnResult(Void.class).getStatus().value() == 204)
			.count();
		assertThat(verified).isEqualTo(1);
		assertThat(canSignIn(login, "the first of the two") ^ canSignIn(login, "the second of the two")).isTrue();
	}

	private void expectUnavailable(String login) {
		expectProblem(signUp(body(login)).expectHeader().exists("Retry-After"), 503, "auth-service-unavailable");
	}

	private static String withoutRequestId(byte @Nullable [] body) {
		assertThat(body).isNotNull();
		return new String(body, java.nio.charset.StandardCharsets.UTF_8).replaceAll("\"request_id\":\"[^\"]*\"", "");
	}

	private static String with(String login, String email, String password) {
		return "{\"login\":\"" + login + "\",\"email\":" + email + ",\"password\":\"" + password + "\"}";
	}

	private static String typeOf(String login) {
		return DATABASE.database()
			.one((client) -> client.sql("SELECT user_type FROM auth.user_account WHERE login_normalized = :login")
				.bind("login", login)
				.map((row) -> String.valueOf(row.get(0)))
				.one())
			.blockOptional(SOON)
			.orElse("");
	}

}
