package com.deliveryservice.authgateway.account;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.deliveryservice.authgateway.notifier.Notification;
import com.deliveryservice.authgateway.notifier.Notification.Channel;
import com.deliveryservice.authgateway.notifier.Notification.Template;

import static com.deliveryservice.authgateway.account.ScriptedWorkflowAuth.CODE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the code of a sign-up comes from, and who is told what.
 */
class SignUpNoticesTests extends SignUpApiTest {

	@Test
	void ifWorkflowAuthGivesNoCodeTheGatewayMakesOneAndTellsTheContactAlone() {
		this.workflowAuth.code(null);
		this.notifier.configured(true);
		String login = someone();
		String answer = new String(signUp(body(login, login + "@Example.org")).expectStatus()
			.isAccepted()
			.expectBody()
			.returnResult()
			.getResponseBodyContent(), StandardCharsets.UTF_8);
		Notification told = this.notifier.promised.get(0);
		String code = String.valueOf(told.data().get("code"));
		assertThat(code).matches("[0-9]{6}");
		assertThat(answer).doesNotContain(code);
		assertThat(told.to()).isEqualTo(login + "@Example.org");
		assertThat(told.channel()).isEqualTo(Channel.EMAIL);
		assertThat(told.template()).isEqualTo(Template.SIGN_UP_CODE);
		assertThat(told.data()).containsOnlyKeys("code", "code_expires_at", "login").containsEntry("login", login);
		UUID id = UUID.fromString(answer.replaceAll(".*\"sign_up_id\":\"([^\"]+)\".*", "$1"));
		verify(id, code).expectStatus().isNoContent();
		assertThat(canSignIn(login)).isTrue();
	}

	@Test
	void aCodeToAPhoneGoesThereAsWell() {
		this.workflowAuth.code(null);
		this.notifier.configured(true);
		signedUp("{\"login\":\"" + someone() + "\",\"phone_number\":\"+15550133\",\"password\":\"" + PASSWORD + "\"}");
		assertThat(this.notifier.promised).singleElement().satisfies((told) -> {
			assertThat(told.channel()).isEqualTo(Channel.PHONE);
			assertThat(told.to()).isEqualTo("+15550133");
		});
	}

	@Test
	void withoutANotifierNoCodeIsAFailureOfWorkflowAuth() {
		this.workflowAuth.code(null);
		expectProblem(signUp(body(someone())), 503, "auth-service-unavailable");
	}

	@ParameterizedTest
	@ValueSource(strings = { "abc", "12 34", "123", "12345678901", "１２３４５６" })
	void aCodeThatIsNoneIsAFailureOfWorkflowAuthWithANotifierToo(String code) {
		this.workflowAuth.code(code);
		this.notifier.configured(true);
		expectProblem(signUp(body(someone())), 503, "auth-service-unavailable");
		assertThat(this.notifier.promised).isEmpty();
	}

	@Test
	void aCodeThatWorkflowAuthSentIsNotSentAgain() {
		this.notifier.configured(true);
		signedUp(body(someone()));
		assertThat(this.notifier.promised).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "000000", "000042", "042137", "0000" })
	void zerosInFrontAreKept(String code) {
		this.workflowAuth.code(code);
		UUID id = signedUp(body(someone()));
		expectProblem(verify(id, code.replaceFirst("0", "")), 422, "code-incorrect");
		expectProblem(verify(id, code + "0"), 422, "code-incorrect");
		verify(id, code).expectStatus().isNoContent();
	}

	@Test
	void whoeverHasTheContactIsToldThatSomebodyTriedAndTheAnswerStaysTheSame() {
		String login = someone();
		verify(signedUp(body(login)), CODE).expectStatus().isNoContent();
		this.notifier.configured(true);
		expectProblem(signUp(body(someone(), login.toUpperCase(Locale.ROOT) + "@example.org")), 409, "user-exists");
		assertThat(this.notifier.promised).singleElement().satisfies((told) -> {
			assertThat(told.to()).isEqualTo(login + "@example.org");
			assertThat(told.template()).isEqualTo(Template.USER_EXISTS);
			assertThat(told.data()).isEqualTo(Map.of("login", login));
		});
	}

	@Test
	void whoseLoginAloneIsTakenTellsNobodyAtAStrangersContact() {
		String login = someone();
		verify(signedUp(body(login)), CODE).expectStatus().isNoContent();
		this.notifier.configured(true);
		expectProblem(signUp(body(login, "other-" + login + "@example.org")), 409, "user-exists");
		assertThat(this.notifier.promised).isEmpty();
	}

	@Test
	void theOwnerIsToldNoMoreOftenThanSignUpsWithTheContactAreLetThrough() {
		String login = someone();
		verify(signedUp(body(login)), CODE).expectStatus().isNoContent();
		this.notifier.configured(true);
		for (int i = 0; i < 6; i++) {
			signUp(body(someone(), login + "@example.org"));
		}
		assertThat(this.notifier.promised).hasSize(2);
	}

}
