package com.deliveryservice.authgateway.account;

import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import com.deliveryservice.authgateway.account.ScriptedWorkflowAuth.Fault;
import com.deliveryservice.authgateway.account.ScriptedWorkflowAuth.Told;
import com.deliveryservice.authgateway.audit.AuditFixture;
import com.deliveryservice.authgateway.workflowauth.SignUpClosingCode;

import static com.deliveryservice.authgateway.account.ScriptedWorkflowAuth.CODE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code POST /auth/sign-up/{sign_up_id}/verification}, row by row.
 */
class SignUpVerificationTests extends SignUpApiTest {

	@Autowired
	private AuditFixture audit;

	@Test
	void theRightCodeAddsTheUserOnce() {
		String login = someone();
		UUID id = signedUp(body(login));
		verify(id, CODE).expectStatus().isNoContent().expectBody().isEmpty();
		assertThat(canSignIn(login)).isTrue();
		expectClosed(verify(id, CODE), "completed");
		expectClosed(verify(id, "000000"), "completed");
		assertThat(this.workflowAuth.told).hasSize(1)
			.extracting(Told::closingCode)
			.containsExactly(SignUpClosingCode.SUCCESS);
	}

	@Test
	void workflowAuthIsToldHowManyCodesCame() {
		UUID id = signedUp(body(someone()));
		verify(id, "000000").expectStatus().isEqualTo(422);
		verify(id, CODE).expectStatus().isNoContent();
		assertThat(this.workflowAuth.told).extracting(Told::tries).containsExactly(2);
	}

	@Test
	void theFifthWrongCodeClosesAndTheRightOneComesTooLate() {
		String login = someone();
		UUID id = signedUp(body(login));
		for (int left = 4; left >= 1; left--) {
			expectProblem(verify(id, "00000" + left), 422, "code-incorrect").jsonPath("$.attempts_left")
				.isEqualTo(left);
		}
		expectClosed(verify(id, "000000"), "too-many-attempts");
		expectClosed(verify(id, CODE), "too-many-attempts");
		assertThat(canSignIn(login)).isFalse();
		assertThat(this.workflowAuth.told).isEmpty();
	}

	@Test
	void eachCodeThatWasComparedIsAnEventTheOneThatClosesTooAndNoneAfterIt() {
		UUID id = signedUp(body(someone()));
		for (int i = 0; i < 7; i++) {
			verify(id, "000000");
		}
		assertThat(events("sign_up_code_wrong", "detail::json ->> 'attempts_left'", id)).containsExactly("4", "3", "2",
				"1", "0");
	}

	@Test
	void theUserAndItsEventAreOneTransactionWhateverBecomesOfTheAnswer() {
		String login = someone();
		UUID id = signedUp(body(login));
		this.workflowAuth.verifyFault(Fault.FAILS_AFTERWARDS);
		expectProblem(verify(id, CODE), 503, "auth-service-unavailable");
		String user = this.audit.column("SELECT id FROM auth.user_account WHERE login = '" + login + "'").get(0);
		assertThat(events("user_created", "user_id || detail", id))
			.containsExactly(user + "{\"sign_up_id\":\"" + id + "\",\"user_type\":\"customer\"}");
		assertThat(events("sign_up_completed", "user_id", id)).isEmpty();
		verify(id, CODE).expectStatus().isNoContent();
		verify(id, CODE);
		assertThat(events("sign_up_completed", "user_id", id)).containsExactly(user);
		assertThat(events("user_created", "user_id", id)).hasSize(1);
	}

	@Test
	void whereItsEventCannotBeWrittenThereIsNoUser() {
		String login = someone();
		UUID id = signedUp(body(login));
		DATABASE.raw()
			.execute("ALTER TABLE auth.audit_event ADD CONSTRAINT full_up CHECK (type <> 'user_created') NOT VALID");
		verify(id, CODE).expectStatus().is5xxServerError();
		DATABASE.raw().execute("ALTER TABLE auth.audit_event DROP CONSTRAINT full_up");
		assertThat(canSignIn(login)).isFalse();
		verify(id, CODE).expectStatus().isNoContent();
	}

	private List<String> events(String type, String column, UUID signUp) {
		this.audit.flush();
		return this.audit.column("SELECT " + column + " FROM auth.audit_event WHERE type = '" + type
				+ "' AND detail LIKE '%" + signUp + "%' ORDER BY at");
	}

	@Test
	void aHundredGuessesAtOnceAreFive() {
		UUID id = signedUp(body(someone()));
		List<Integer> statuses = Flux.range(0, 100)
			.flatMap((i) -> Mono
				.fromCallable(() -> verify(id, "%06d".formatted(i)).returnResult(Void.class).getStatus().value())
				.subscribeOn(Schedulers.boundedElastic()), 50)
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(statuses).filteredOn((status) -> status == 422).hasSize(4);
		assertThat(statuses).filteredOn((status) -> status != 422).containsOnly(410);
	}

	@ParameterizedTest
	@ValueSource(strings = { "42137", "0042137", "042138", "abc", "042137x", "' OR 1=1 --" })
	void onlyTheVeryCodeIsRight(String code) {
		expectProblem(verify(signedUp(body(someone())), code), 422, "code-incorrect");
	}

	@Test
	void anExpiredCodeIs410() {
		UUID id = signedUp(body(someone()));
		DATABASE.raw().execute("UPDATE auth.sign_up SET code_expires_at = now() WHERE id = '" + id + "'");
		expectClosed(verify(id, CODE), "expired");
	}

	@Test
	void theCodeOfOneSignUpIsNoneOfAnother() {
		this.workflowAuth.code("111111");
		UUID one = signedUp(body(someone()));
		this.workflowAuth.code("222222");
		UUID other = signedUp(body(someone()));
		expectProblem(verify(one, "222222"), 422, "code-incorrect");
		verify(other, "222222").expectStatus().isNoContent();
	}

	@ParameterizedTest
	@ValueSource(strings = { "00000000-0000-4000-8000-000000000000", "nothing", "1", "' OR 1=1" })
	void anUnknownIdIs404(String id) {
		expectProblem(this.client.post()
			.uri("/auth/sign-up/{id}/verification", id)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue("{\"code\":\"042137\"}")
			.exchange(), 404, "sign-up-not-found");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "{}", "{\"code\":null}", "{\"code\":42137}", "{\"code\":\"\"}", "{\"code\":[\"042137\"]}" })
	void noCodeAtAllIs400AndDoesNotCount(String body) {
		UUID id = signedUp(body(someone()));
		expectProblem(this.client.post()
			.uri("/auth/sign-up/{id}/verification", id)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.exchange(), 400, "validation-failed").jsonPath("$.errors[0].field").isEqualTo("code");
		expectProblem(verify(id, "000000"), 422, "code-incorrect").jsonPath("$.attempts_left").isEqualTo(4);
	}

	@Test
	void whileWorkflowAuthIsAwayTheRightCodeCanBeRepeatedAndWrongOnesCount() {
		String login = someone();
		UUID id = signedUp(body(login));
		this.workflowAuth.verifyFault(Fault.AWAY);
		for (int i = 0; i < 7; i++) {
			expectUnavailable(id);
		}
		expectProblem(verify(id, "000000"), 422, "code-incorrect").jsonPath("$.attempts_left").isEqualTo(4);
		assertThat(canSignIn(login)).isFalse();
		this.workflowAuth.verifyFault(Fault.NONE);
		verify(id, CODE).expectStatus().isNoContent();
		assertThat(canSignIn(login)).isTrue();
	}

	@Test
	void aRepeatAfterAnUnansweredSuccessIs204AndThenCompleted() {
		String login = someone();
		UUID id = signedUp(body(login));
		this.workflowAuth.verifyFault(Fault.FAILS_AFTERWARDS);
		expectUnavailable(id);
		assertThat(canSignIn(login)).isTrue();
		verify(id, CODE).expectStatus().isNoContent();
		expectClosed(verify(id, CODE), "completed");
	}

	@Test
	void aCompletedOneThatNobodyWasToldOfIsToldOnceMoreAndHasNoSecondEffect() {
		String login = someone();
		UUID id = signedUp(body(login));
		verify(id, CODE).expectStatus().isNoContent();
		nobodyWasTold(id);
		expectClosed(verify(id, "000000"), "completed");
		verify(id, CODE).expectStatus().isNoContent().expectBody().isEmpty();
		expectClosed(verify(id, CODE), "completed");
		assertThat(this.workflowAuth.told).hasSize(1);
		assertThat(this.audit.column(
				"SELECT detail FROM auth.audit_event WHERE type = 'sign_up_completed' AND detail LIKE '%" + id + "%'"))
			.hasSize(1);
	}

	@Test
	void theCodeOfACompletedOneCannotBeSearched() {
		UUID id = signedUp(body(someone()));
		verify(id, CODE).expectStatus().isNoContent();
		nobodyWasTold(id);
		for (int i = 0; i < 5; i++) {
			expectClosed(verify(id, "00000" + i), "completed");
		}
		expectClosed(verify(id, CODE), "completed");
	}

	@Test
	void thatWorkflowAuthSaysSoMakesNoUser() {
		String login = someone();
		UUID id = signedUp(body(login));
		this.workflowAuth.verifyFault(Fault.LIES);
		expectUnavailable(id);
		assertThat(canSignIn(login)).isFalse();
	}

	@Test
	void aGuidOfWorkflowAuthsOwnIsFine() {
		this.workflowAuth.ownGuids();
		String login = someone();
		verify(signedUp(body(login)), CODE).expectStatus().isNoContent();
		assertThat(canSignIn(login)).isTrue();
	}

	@Test
	void whoseLoginOrContactWasTakenMeanwhileIs409EvenIfTheAnswerIsLost() {
		String email = someone() + "@example.org";
		UUID first = signedUp(body(someone(), email));
		UUID second = signedUp(body(someone(), email));
		verify(second, CODE).expectStatus().isNoContent();
		this.workflowAuth.verifyFault(Fault.FAILS_AFTERWARDS);
		expectProblem(verify(first, CODE), 409, "user-exists");
	}

	@Test
	void theSameRightCodeTwiceAtOnceIsOneSuccess() {
		UUID id = signedUp(body(someone()));
		List<Integer> statuses = Flux.range(0, 10)
			.flatMap((i) -> Mono.fromCallable(() -> verify(id, CODE).returnResult(Void.class).getStatus().value())
				.subscribeOn(Schedulers.boundedElastic()), 10)
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(statuses).filteredOn((status) -> status == 204).hasSize(1);
		assertThat(statuses).containsOnly(204, 410);
	}

	/** As if the acknowledgement of the commit had been lost, some seconds ago. */
	private static void nobodyWasTold(UUID id) {
		DATABASE.raw()
			.execute(
					"UPDATE auth.sign_up SET answered_at = NULL, closed_at = closed_at - interval '5 seconds' WHERE id = '"
							+ id + "'");
	}

	private void expectUnavailable(UUID id) {
		expectProblem(verify(id, CODE).expectHeader().exists("Retry-After"), 503, "auth-service-unavailable");
	}

}
