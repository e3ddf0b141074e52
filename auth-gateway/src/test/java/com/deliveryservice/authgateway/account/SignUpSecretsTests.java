package com.deliveryservice.authgateway.account;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

import com.deliveryservice.authgateway.account.ScriptedWorkflowAuth.Fault;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every byte of answers and of our own log at its most talkative, for what nobody may
 * read there.
 */
@ExtendWith(OutputCaptureExtension.class)
class SignUpSecretsTests extends SignUpApiTest {

	private static final String SECRET_CODE = "7392184650";

	private static final String SECRET_PASSWORD = "xK9 mallard window";

	private final Logger ours = (Logger) LoggerFactory.getLogger("com.deliveryservice.authgateway");

	@BeforeEach
	void talk() {
		this.ours.setLevel(Level.TRACE);
	}

	@AfterEach
	void talkLess() {
		this.ours.setLevel(null);
	}

	@Test
	void codesPasswordsAndStackTracesAreNowhere(CapturedOutput output) {
		StringBuilder answers = new StringBuilder();
		this.workflowAuth.code(SECRET_CODE);
		String login = someone();
		String body = body(login).replace(PASSWORD, SECRET_PASSWORD);
		UUID first = signedUp(body);
		ResponseSpec overriding = signUp(body);
		answers.append(text(overriding));
		answers.append(text(verify(first, SECRET_CODE)));
		UUID id = signedUp(body);
		answers.append(text(verify(id, "1")));
		this.workflowAuth.verifyFault(Fault.AWAY);
		answers.append(text(verify(id, SECRET_CODE)));
		this.workflowAuth.verifyFault(Fault.LIES);
		answers.append(text(verify(id, SECRET_CODE)));
		this.workflowAuth.verifyFault(Fault.NONE);
		answers.append(text(verify(id, SECRET_CODE)));
		answers.append(text(signUp(body)));
		answers.append(text(signUp(body.replace("\"login\"", "\"password\""))));
		answers.append(text(signUp(body.replace("example.org", "\\u0000"))));
		this.workflowAuth.addUserInstead(ScriptedWorkflowAuth::away);
		answers.append(text(signUp(body(someone()).replace(PASSWORD, SECRET_PASSWORD))));
		assertThat(canSignIn(login, SECRET_PASSWORD)).isTrue();
		assertThat(output.getAll()).contains("made user").contains("auth-service-unavailable");
		assertSilent(output.getAll());
		assertSilent(answers.toString());
	}

	@Test
	void nothingThatHoldsASecretPrintsIt() {
		SignUpRequest request = new SignUpRequest("anna", "anna@example.org", null, SECRET_PASSWORD,
				"invitation-secret");
		SignUpForm form = SignUpForm.read(request);
		SignUpCodes codes = this.beans.getBean(SignUpCodes.class);
		String printed = request + " " + form + " " + new SignUpController.Verification(SECRET_CODE) + " "
				+ codes.hash(UUID.randomUUID(), SECRET_CODE);
		assertSilent(printed);
		assertThat(printed).doesNotContain("invitation-secret");
	}

	private static void assertSilent(String text) {
		assertThat(text).doesNotContain(SECRET_CODE)
			.doesNotContain(SECRET_PASSWORD)
			.doesNotContain("mallard")
			.doesNotContain("$argon2")
			.doesNotContain("\tat ")
			.doesNotContain("Exception:");
	}

	private static String text(ResponseSpec answer) {
		byte[] body = answer.expectBody().returnResult().getResponseBody();
		return (body != null) ? new String(body, StandardCharsets.UTF_8) : "";
	}

}
