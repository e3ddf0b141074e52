package com.deliveryservice.authgateway.devstack;

import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A change that ends every session, while a sign-in with the right password is between
 * its check and its session.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LateSignInTests {

	private DevStack stack;

	private Staff staff;

	private App app;

	@BeforeAll
	void start() {
		this.stack = DevStack.startOnFreePorts();
		this.staff = new Staff(this.stack);
		this.app = new App(this.stack);
	}

	@AfterAll
	void stop() {
		this.stack.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					suspended      | admin | PATCH | /auth/users/%s  | {"status":"suspended"}
					demoted        | admin | PATCH | /auth/users/%s  | {"user_type":"customer"}
					password-known | self  | PUT   | /auth/password | {"current_password":"correct horse battery staple","new_password":"wrong zebra socket"}
					""")
	void comesToNothing(String login, String by, String method, String path, String change) {
		String id = this.staff.hire(login, "manager");
		String token = this.staff.tokenOf(by.equals("self") ? login : by);
		HttpResponse<String> signedIn = whileSigningIn(login,
				() -> assertThat(this.staff
					.call(token, method, path.formatted(id),
							change.replace("correct horse battery staple", DemoUsers.PASSWORD))
					.statusCode()).isBetween(200, 204));
		assertThat(signedIn.statusCode()).as(signedIn.body()).isEqualTo(401);
		assertThat(App.code(signedIn)).isEqualTo("invalid-credentials");
		assertThat(this.staff.column("SELECT count(*) FROM auth.session WHERE ended_at IS NULL AND user_id = '" + id
				+ "' AND user_type = 'manager'"))
			.as("the own session of who changed the password stays")
			.containsExactly(by.equals("self") ? "1" : "0");
	}

	@Test
	void isNotDisturbedByAnotherSignInOrANewHashOfTheSamePassword() {
		String id = this.staff.hire("undisturbed", "courier");
		HttpResponse<String> signedIn = whileSigningIn("undisturbed", () -> {
			this.staff.execute("UPDATE auth.user_account SET last_sign_in_at = now(), password_hash = "
					+ "replace(password_hash, 'v=19', 'v=19') WHERE id = '" + id + "'");
			assertThat(this.app.signIn("undisturbed").statusCode()).isEqualTo(200);
		});
		assertThat(signedIn.statusCode()).as(signedIn.body()).isEqualTo(200);
	}

	/** Somebody whose type was changed by a replica that does not count changes yet. */
	@Test
	void aSessionOfAnotherTypeIsNotRenewed() {
		String id = this.staff.hire("was-manager", "manager");
		String refreshToken = App.json(this.app.signIn("was-manager")).path("refresh_token").asString();
		this.staff.execute("UPDATE auth.user_account SET user_type = 'courier' WHERE id = '" + id + "'");
		assertThat(this.app.refresh(refreshToken).statusCode()).isEqualTo(400);
		assertThat(this.staff.column("SELECT end_reason FROM auth.session WHERE user_id = '" + id + "'"))
			.containsExactly("type_changed");
	}

	/** The password has been found right; workflow-auth has not given its token yet. */
	private HttpResponse<String> whileSigningIn(String login, Runnable change) {
		AtomicBoolean verified = new AtomicBoolean();
		Sinks.Empty<Void> changed = Sinks.empty();
		this.stack.standIn()
			.misbehave(Operation.GET_TOKEN_BY_USER_UID,
					(response, operation, right) -> Mono.fromRunnable(() -> verified.set(true))
						.then(changed.asMono())
						.then(Misbehaviour.NONE.answer(response, operation, right)),
					1);
		CompletableFuture<HttpResponse<String>> signingIn = this.app.signingIn(login, DemoUsers.PASSWORD);
		await().atMost(App.PATIENCE).untilTrue(verified);
		change.run();
		changed.tryEmitEmpty();
		return App.answerOf(signingIn);
	}

}
