package com.deliveryservice.authgateway.account;

import java.time.Duration;
import java.util.UUID;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.directory.User;
import com.deliveryservice.authgateway.protection.SignInRoom;
import com.deliveryservice.authgateway.session.NewSession;
import com.deliveryservice.authgateway.workflowauth.UserCredentials;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuthOverloadedException;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuthUnavailableException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

class SignInTests extends ApiLaneTest {

	@Autowired
	private SignInRoom signInRoom;

	@Test
	void aGoodSignInGivesEveryMemberOfTheTokenResponse() {
		signIn(SIGN_IN).expectStatus()
			.isOk()
			.expectHeader()
			.contentType(MediaType.APPLICATION_JSON)
			.expectHeader()
			.valueEquals(HttpHeaders.CACHE_CONTROL, "no-store")
			.expectHeader()
			.doesNotExist("X-Gateway-Error")
			.expectBody()
			.json("""
					{"access_token":"annas.access.token","token_type":"Bearer","expires_in":300,
					 "refresh_token":"rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr","refresh_expires_in":1209600,
					 "scope":"orders:read orders:write","session_id":"0a000000-0000-4000-8000-0000000000ff",
					 "device_token":"device-token",
					 "user":{"id":"0a000000-0000-4000-8000-000000000001","login":"Anna","user_type":"customer"}}""",
					JsonCompareMode.STRICT);
	}

	@Test
	void theSessionHoldsWhatTheDeviceSaidAndWhatWorkflowAuthGave() {
		signIn("{\"login\":\"Anna\",\"password\":\"p\",\"device_name\":\"  Pixel\\n 9 \",\"device_token\":\"d\"}")
			.expectStatus()
			.isOk();
		ArgumentCaptor<NewSession> session = ArgumentCaptor.forClass(NewSession.class);
		then(this.sessions).should().open(session.capture(), any());
		assertThat(session.getValue().userId()).isEqualTo(ANNA);
		assertThat(session.getValue().deviceName()).isEqualTo("Pixel 9");
		assertThat(session.getValue().workflowTokenGuid()).isEqualTo(TOKEN_GUID);
		assertThat(session.getValue().workflowTokenEndsAt()).isEqualTo(NOW.plus(Duration.ofHours(5)));
	}

	@Test
	void aGoodSignInIsNotedBehindTheAnswer() {
		given(this.users.signedIn(ANNA)).willReturn(Mono.never());
		signIn(SIGN_IN).expectStatus().isOk();
		Awaitility.await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> then(this.users).should().signedIn(ANNA));
	}

	@Test
	void theThrottleKnowsTheLoginInWhateverFormItIsWritten() {
		signIn("{\"login\":\"\uFF21nna\",\"password\":\"p\"}").expectStatus().isOk();
		then(this.throttle).should().succeeded(argThat((a) -> a.login().equals("anna")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"login\":\"anna\"}", "{\"password\":\"p\"}",
			"{\"login\":\"\",\"password\":\"p\"}", "{\"login\":null,\"password\":\"p\"}",
			"{\"login\":7,\"password\":\"p\"}", "{\"login\":true,\"password\":\"p\"}",
			"{\"login\":[\"anna\"],\"password\":\"p\"}", "{\"login\":{\"$ne\":1},\"password\":\"p\"}",
			"{\"login\":\"anna\",\"password\":1e3}", "{\"login\":\"an\\u0000na\",\"password\":\"p\"}",
			"{\"login\":\"an\\ud800na\",\"password\":\"p\"}",
			"{\"login\":\"anna\",\"login\":\"otto\",\"password\":\"p\"}", "{\"login\":\"anna\",\"password\":\"p\"",
			"{\"login\":\"anna\",\"password\":\"p\"} {}", "[]", "null", "\"anna\"", "", "<login/>" })
	void whatIsNoLoginAndPasswordIsRefusedBeforeAnythingIsAsked(String body) {
		signIn(body).expectStatus()
			.isBadRequest()
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectHeader()
			.valueEquals("X-Gateway-Error", "validation-failed")
			.expectBody()
			.jsonPath("$.code")
			.isEqualTo("validation-failed")
			.jsonPath("$.errors[0].field")
			.exists()
			.jsonPath("$.errors[0].code")
			.exists()
			.jsonPath("$.errors[0].message")
			.exists();
		then(this.workflowAuth).should(never()).verifyUserCredentials(any());
	}

	@Test
	void everyWrongFieldIsNamed() {
		signIn("{\"login\":\"" + "a".repeat(300) + "\"}").expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.errors[?(@.field=='login')].code")
			.isEqualTo("too-long")
			.jsonPath("$.errors[?(@.field=='password')].code")
			.isEqualTo("missing");
	}

	@Test
	void unknownMembersAreIgnored() {
		signIn("{\"login\":\"anna\",\"password\":\"p\",\"user_type\":\"admin\",\"x\":{\"y\":[1]}}").expectStatus()
			.isOk();
	}

	@Test
	void aWrongPasswordIsCountedAndRefusedWithoutSayingWhy() {
		given(this.workflowAuth.verifyUserCredentials(any())).willReturn(Mono.empty());
		expectProblem(signIn(SIGN_IN), 401, "invalid-credentials");
		then(this.throttle).should().failed(any());
		thenNothingWasOpened();
	}

	@Test
	void aRefusalIsCountedFirstAndThenTakesAsLongAsWithTheSlowestHash() {
		given(this.workflowAuth.verifyUserCredentials(any())).willReturn(Mono.empty());
		given(this.hashing.longestComparison("p")).willReturn(Duration.ofMillis(600));
		long begun = System.nanoTime();
		expectProblem(signIn("{\"login\":\"anna\",\"password\":\"p\"}"), 401, "invalid-credentials");
		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(600));
		given(this.hashing.longestComparison("p")).willReturn(Duration.ofHours(1));
		assertThatException().as("who leaves before it is told")
			.isThrownBy(() -> this.client.mutate()
				.responseTimeout(Duration.ofMillis(500))
				.build()
				.post()
				.uri("/auth/sign-in")
				.contentType(MediaType.APPLICATION_JSON)
				.bodyValue("{\"login\":\"anna\",\"password\":\"p\"}")
				.exchange());
		then(this.throttle).should(times(2)).failed(any());
	}

	@Test
	void aSuspendedUserGetsTheAnswerOfAWrongPassword() {
		given(this.users.find(ANNA)).willReturn(Mono.just(anna(User.Status.SUSPENDED)));
		expectProblem(signIn(SIGN_IN), 401, "invalid-credentials");
		then(this.throttle).should().failed(any());
		thenNothingWasOpened();
	}

	@Test
	void whoeverFailedTooOftenIsToldToWaitBeforeAnythingIsAsked() {
		given(this.throttle.check(any())).willReturn(Mono.just(Duration.ofMillis(7100)));
		expectProblem(signIn(SIGN_IN), 429, "too-many-attempts").expectHeader().valueEquals("Retry-After", "8");
		then(this.workflowAuth).should(never()).verifyUserCredentials(any());
	}

	@Test
	void aWrongPasswordAmongTooManyAtOnceIsToldToWait() {
		given(this.workflowAuth.verifyUserCredentials(any())).willReturn(Mono.empty());
		given(this.throttle.failed(any())).willReturn(Mono.just(Duration.ofSeconds(1)));
		expectProblem(signIn(SIGN_IN), 429, "too-many-attempts");
	}

	@Test
	void evenTheRightPasswordAmongTooManyAtOnceIsToldToWait() {
		given(this.throttle.succeeded(any())).willReturn(Mono.just(Duration.ofSeconds(1)));
		expectProblem(signIn(SIGN_IN), 429, "too-many-attempts");
		thenNothingWasOpened();
	}

	@Test
	void workflowAuthAwayIsNoVerdict() {
		given(this.workflowAuth.verifyUserCredentials(any()))
			.willReturn(Mono.error(new WorkflowAuthUnavailableException("timeout", null)));
		expectUnavailable(signIn(SIGN_IN));
		then(this.throttle).should(never()).failed(any());
	}

	@Test
	void itsCallbackIsExpectedAndNoMoreOnceItCameToNothing() {
		signIn(SIGN_IN).expectStatus().isOk();
		then(this.underWay).should().expect("anna");
		then(this.underWay).should(never()).take(any());
		given(this.workflowAuth.verifyUserCredentials(any()))
			.willReturn(Mono.error(new WorkflowAuthUnavailableException("timeout", null)));
		expectUnavailable(signIn(SIGN_IN));
		then(this.underWay).should().take("anna");
	}

	@Test
	void whoLeavesBeforeTheAnswerLeavesNothingExpected() {
		given(this.workflowAuth.verifyUserCredentials(any())).willReturn(Mono.never());
		given(this.workflowAuth.deadline(any())).willAnswer((call) -> call.<Mono<?>>getArgument(0)
			.timeout(Duration.ofMillis(50), Mono.error(new WorkflowAuthUnavailableException("timeout", null))));
		expectUnavailable(signIn(SIGN_IN));
		Awaitility.await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> then(this.underWay).should().take("anna"));
	}

	@Test
	void aVerifiedUserThatDoesNotExistIsNonsenseOfWorkflowAuth() {
		UUID nobody = UUID.randomUUID();
		given(this.workflowAuth.verifyUserCredentials(any())).willReturn(Mono.just(nobody));
		given(this.users.find(nobody)).willReturn(Mono.empty());
		expectUnavailable(signIn(SIGN_IN));
		then(this.workflowAuth).should(never()).getTokenByUserUid(any());
		then(this.throttle).should(never()).failed(any());
	}

	@Test
	void aRefusedSessionTokenOpensNoSession() {
		given(this.workflowAuth.getTokenByUserUid(ANNA)).willReturn(Mono.empty());
		expectUnavailable(signIn(SIGN_IN));
		thenNothingWasOpened();
	}

	@Test
	void anOutageAtTheSessionTokenOpensNoSession() {
		given(this.workflowAuth.getTokenByUserUid(ANNA))
			.willReturn(Mono.error(new WorkflowAuthUnavailableException("failure", null)));
		expectUnavailable(signIn(SIGN_IN));
		thenNothingWasOpened();
	}

	@Test
	void theDatabaseAwayFailsClosed() {
		given(this.throttle.check(any())).willReturn(Mono.error(new DatabaseUnavailableException(new Exception("x"))));
		expectUnavailable(signIn(SIGN_IN));
		then(this.workflowAuth).should(never()).verifyUserCredentials(any());
	}

	@Test
	void theDatabaseAwayAtTheLastStepIsNoSignIn() {
		given(this.sessions.open(any(), any()))
			.willReturn(Mono.error(new DatabaseUnavailableException(new Exception("x"))));
		expectUnavailable(signIn(SIGN_IN));
	}

	@Test
	void withoutKeysNoSessionIsOpened() {
		given(this.publicKeys.areLoaded()).willReturn(false);
		expectUnavailable(signIn(SIGN_IN));
		then(this.workflowAuth).should(never()).verifyUserCredentials(any());
	}

	@Test
	void whoWouldNotGetItsTurnInTimeIsOverloadAtOnce() {
		given(this.hashing.hasRoom(0)).willReturn(false);
		expectProblem(signIn(SIGN_IN), 503, "overloaded").expectHeader().valueEquals("Retry-After", "2");
		then(this.throttle).should(never()).check(any());
		assertThat(this.signInRoom.isFull()).isTrue();
		given(this.hashing.hasRoom(0)).willReturn(true);
		assertThat(this.signInRoom.isFull()).isFalse();
		signIn(SIGN_IN).expectStatus().isOk();
	}

	@Test
	void aFullBulkheadIsOverload() {
		given(this.workflowAuth.verifyUserCredentials(any()))
			.willReturn(Mono.error(new WorkflowAuthOverloadedException()));
		expectProblem(signIn(SIGN_IN), 503, "overloaded").expectHeader().exists("Retry-After");
	}

	@Test
	void anExpiredTokenInTheHeaderDoesNotStopASignIn() {
		this.client.post()
			.uri("/auth/sign-in")
			.header(HttpHeaders.AUTHORIZATION, "Bearer expired")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(SIGN_IN)
			.exchange()
			.expectStatus()
			.isOk();
	}

	@Test
	void workflowAuthIsAskedForTheLoginAsItWasWritten() {
		signIn(SIGN_IN).expectStatus().isOk();
		then(this.workflowAuth).should()
			.verifyUserCredentials(new UserCredentials("Anna", null, null, "correct horse battery", null));
	}

	private void thenNothingWasOpened() {
		then(this.sessions).should(never()).open(any(), any());
	}

	private ResponseSpec signIn(String body) {
		return this.client.post()
			.uri("/auth/sign-in")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.exchange();
	}

	private static void expectUnavailable(ResponseSpec answer) {
		expectProblem(answer, 503, "auth-service-unavailable").expectHeader().exists("Retry-After");
	}

	private static ResponseSpec expectProblem(ResponseSpec answer, int status, String code) {
		answer.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.valueEquals("X-Gateway-Error", code)
			.expectHeader()
			.doesNotExist(HttpHeaders.WWW_AUTHENTICATE)
			.expectBody()
			.jsonPath("$.code")
			.isEqualTo(code)
			.jsonPath("$.request_id")
			.exists();
		return answer;
	}

}
