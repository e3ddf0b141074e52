package com.deliveryservice.authgateway.account;

import java.time.Duration;

import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.directory.Passwords;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.session.EndReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

import reactor.core.publisher.Mono;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

class PasswordChangeTests extends ApiLaneTest {

	private static final String CURRENT = "correct horse battery";

	private static final String NEW = "wrong zebra socket";

	private static final String CHANGE = "{\"current_password\":\"" + CURRENT + "\",\"new_password\":\"" + NEW + "\"}";

	@BeforeEach
	void annaKnowsHerPassword() {
		given(this.passwords.prepare(ANNA, CURRENT, NEW)).willReturn(Mono.just(mock(Passwords.Change.class)));
		given(this.passwords.wasMade(ANNA, SESSION, NEW)).willReturn(Mono.empty());
		given(this.passwords.answered(ANNA, SESSION)).willReturn(Mono.empty());
		givenTheTransaction(Mono.just(ANNA));
	}

	@Test
	void whoKnowsThePasswordChangesItAndTheOtherSessionsEnd() {
		put(CHANGE).expectStatus().isNoContent().expectBody().isEmpty();
		then(this.sessions).should().endAllWith(eq(ANNA), eq(SESSION), eq(EndReason.PASSWORD_CHANGED), any());
		then(this.throttle).should().succeeded(any());
		then(this.throttle).should(never()).failed(any());
		then(this.passwords).should().answered(ANNA, SESSION);
	}

	@Test
	void whoeverRepeatsWhatWasNotAnsweredIsTold() {
		given(this.passwords.prepare(ANNA, CURRENT, NEW)).willReturn(Mono.empty());
		given(this.passwords.wasMade(ANNA, SESSION, NEW)).willReturn(Mono.just(true));
		put(CHANGE).expectStatus().isNoContent().expectBody().isEmpty();
		then(this.sessions).should(never()).endAllWith(any(), any(), any(), any());
		then(this.auditTrail).shouldHaveNoInteractions();
		then(this.throttle).should().succeeded(argThat((attempt) -> SESSION.equals(attempt.sessionId())));
		then(this.passwords).should().answered(ANNA, SESSION);
	}

	@Test
	void whoeverRepeatsSomethingElseGuessedTwice() {
		given(this.passwords.prepare(ANNA, CURRENT, NEW)).willReturn(Mono.empty());
		given(this.passwords.wasMade(ANNA, SESSION, NEW)).willReturn(Mono.just(false));
		expectProblem(put(CHANGE), 403, "invalid-credentials");
		then(this.throttle).should(times(2)).failed(argThat((attempt) -> SESSION.equals(attempt.sessionId())));
		then(this.auditTrail).should().note(any());
		then(this.passwords).should(never()).answered(any(), any());
	}

	@Test
	void whoHasToWaitAfterOnePasswordHasNoOtherCompared() {
		given(this.passwords.prepare(ANNA, CURRENT, NEW)).willReturn(Mono.empty());
		given(this.throttle.failed(any())).willReturn(Mono.just(Duration.ofSeconds(7)));
		expectProblem(put(CHANGE), 429, "too-many-attempts");
		then(this.passwords).should(never()).wasMade(any(), any(), any());
	}

	@Test
	void aRepeatThatHasToWaitIsNotToldThatItIsRight() {
		given(this.passwords.prepare(ANNA, CURRENT, NEW)).willReturn(Mono.empty());
		given(this.passwords.wasMade(ANNA, SESSION, NEW)).willReturn(Mono.just(true));
		given(this.throttle.succeeded(any())).willReturn(Mono.just(Duration.ofSeconds(7)));
		expectProblem(put(CHANGE), 429, "too-many-attempts");
	}

	@Test
	void aWrongPasswordIsForbiddenAndCounts() {
		given(this.passwords.prepare(ANNA, CURRENT, NEW)).willReturn(Mono.empty());
		expectProblem(put(CHANGE), 403, "invalid-credentials");
		then(this.throttle).should().failed(argThat((attempt) -> SESSION.equals(attempt.sessionId())));
		then(this.sessions).should(never()).endAllWith(any(), any(), any(), any());
	}

	@Test
	void whoGuessedTooOftenHasToWaitAndNothingIsHashed() {
		given(this.throttle.check(any())).willReturn(Mono.just(Duration.ofSeconds(7)));
		expectProblem(put(CHANGE), 429, "too-many-attempts").expectHeader().valueEquals("Retry-After", "7");
		then(this.passwords).shouldHaveNoInteractions();
		then(this.auditTrail).should()
			.note(SecurityEvent.of(EventType.THROTTLED).about(ANNA).with("limit", "password_change"));
	}

	@Test
	void ofTwoChangesAtOnceTheLaterFindsAnotherPassword() {
		givenTheTransaction(Mono.empty());
		expectProblem(put(CHANGE), 403, "invalid-credentials");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`',
			value = { "`{}`,current_password", "`{\"current_password\":\"x\"}`,new_password",
					"`{\"current_password\":\"x\",\"new_password\":\"short\"}`,new_password",
					"`{\"current_password\":\"x\",\"new_password\":\"password1\"}`,new_password",
					"`{\"current_password\":\"x\",\"new_password\":\"anna@example.org\"}`,new_password",
					"`{\"current_password\":\"\",\"new_password\":\"wrong zebra socket\"}`,current_password" })
	void whatIsNoPasswordIsSaidByField(String body, String field) {
		expectProblem(put(body), 400, "validation-failed").expectBody().jsonPath("$.errors[0].field").isEqualTo(field);
		then(this.passwords).shouldHaveNoInteractions();
	}

	@Test
	void whatCannotBeDoneIsNotToldAsDone() {
		givenTheTransaction(Mono.error(new DatabaseUnavailableException(new Exception("x"))));
		expectProblem(put(CHANGE), 503, "service-unavailable").expectHeader().exists("Retry-After");
		given(this.passwords.prepare(ANNA, CURRENT, NEW)).willReturn(Mono
			.error(() -> Problem.of(ProblemCode.OVERLOADED).withRetryAfter(Duration.ofSeconds(2)).asException()));
		expectProblem(put(CHANGE), 503, "overloaded").expectHeader().exists("Retry-After");
	}

	@Test
	void itTakesAToken() {
		this.client.put()
			.uri("/auth/password")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(CHANGE)
			.exchange()
			.expectStatus()
			.isUnauthorized();
	}

	private void givenTheTransaction(Mono<Object> result) {
		given(this.sessions.endAllWith(any(), any(), any(), any())).willAnswer((call) -> result);
	}

	private ResponseSpec put(String body) {
		return this.client.put()
			.uri("/auth/password")
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + ANNAS_TOKEN)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.exchange();
	}

	private static ResponseSpec expectProblem(ResponseSpec answer, int status, String code) {
		return answer.expectStatus().isEqualTo(status).expectHeader().valueEquals("X-Gateway-Error", code);
	}

}
