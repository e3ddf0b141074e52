package com.deliveryservice.authgateway.devstack;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A commit succeeds and its acknowledgement comes too late: the client is told 503,
 * repeats what it sent, and is told of the success.
 */
class UnansweredTests {

	private static final Duration WAIT = Duration.ofSeconds(20);

	private static final String NEW = "wrong zebra socket";

	private static DevStack stack;

	private static App app;

	private static WebTestClient client;

	@BeforeAll
	static void start() {
		stack = DevStack.startOnFreePorts();
		app = new App(stack);
		client = WebTestClient.bindToServer().baseUrl(stack.edgeUrl()).responseTimeout(WAIT).build();
		stack.database().execute("""
				CREATE FUNCTION auth.take_long() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN
				  PERFORM pg_sleep_for('1500 milliseconds');
				  RETURN NULL;
				END $$
				""");
	}

	@AfterAll
	static void stop() {
		stack.close();
	}

	@Test
	void aSignUpIsCompletedOnceAndToldToWhoeverRepeatsTheCode() {
		commitsTakeLong("sign_up", "OLD.state = 'pending' AND NEW.state = 'completed'");
		HttpResponse<String> begun = app.postJson("/auth/sign-up",
				"{\"login\":\"dora\",\"email\":\"dora@example.org\",\"password\":\"correct horse battery\"}");
		String path = "/auth/sign-up/" + App.json(begun).path("sign_up_id").asString() + "/verification";
		String code = "{\"code\":\"" + stack.standIn().codesSentTo("dora@example.org").get(0) + "\"}";
		assertThat(app.postJson(path, code).statusCode()).isEqualTo(503);
		assertThat(repeated(() -> app.postJson(path, code).statusCode())).isEqualTo(204);
		assertThat(app.postJson(path, code).statusCode()).isEqualTo(410);
		assertThat(App.answerOf(app.signingIn("dora", "correct horse battery")).statusCode()).isEqualTo(200);
		assertThat(events("type = 'sign_up_completed'")).isEqualTo(1);
	}

	@Test
	void aResetIsCompletedOnceAndToldToWhoeverRepeatsCodeAndPassword() {
		commitsTakeLong("password_reset", "OLD.state = 'open' AND NEW.state = 'completed'");
		String token = app.tokenOf("customer");
		HttpResponse<String> begun = app.postJson("/auth/password-reset", "{\"login\":\"customer\"}");
		String path = "/auth/password-reset/" + App.json(begun).path("reset_id").asString();
		String code = codeSentTo("customer@example.org");
		assertThat(app.postJson(path, completion(code, NEW)).statusCode()).isEqualTo(503);
		assertThat(repeated(() -> app.postJson(path, completion(code, "another zebra socket")).statusCode()))
			.isEqualTo(410);
		assertThat(app.postJson(path, completion("x", NEW)).statusCode()).isEqualTo(410);
		assertThat(app.postJson(path, completion(code, NEW)).statusCode()).isEqualTo(204);
		assertThat(app.postJson(path, completion(code, NEW)).statusCode()).isEqualTo(410);
		assertThat(app.get("/api/customer/x", token).statusCode()).isEqualTo(401);
		assertThat(App.answerOf(app.signingIn("customer", NEW)).statusCode()).isEqualTo(200);
		assertThat(events("type = 'password_reset'")).isEqualTo(1);
	}

	@Test
	void aChangeIsMadeOnceAndToldToTheSessionThatRepeatsIt() {
		commitsTakeLong("user_account", "OLD.login = 'courier' AND OLD.password_hash <> NEW.password_hash");
		String here = app.tokenOf("courier");
		String elsewhere = app.tokenOf("courier");
		assertThat(change(here, DemoUsers.PASSWORD, NEW)).isEqualTo(503);
		assertThat(repeated(() -> change(here, DemoUsers.PASSWORD, "another zebra socket"))).isEqualTo(403);
		assertThat(change(here, DemoUsers.PASSWORD, NEW)).isEqualTo(204);
		assertThat(change(here, DemoUsers.PASSWORD, NEW)).isEqualTo(403);
		assertThat(app.get("/api/courier/x", elsewhere).statusCode()).isEqualTo(401);
		assertThat(App.answerOf(app.signingIn("courier", NEW)).statusCode()).isEqualTo(200);
		assertThat(events(
				"type = 'password_changed' AND user_id = (SELECT id FROM auth.user_account WHERE login = 'courier')"))
			.isEqualTo(1);
	}

	@Test
	void aChangeIsToldToNoOtherSessionNorLater() {
		String here = app.tokenOf("kitchen");
		assertThat(change(here, DemoUsers.PASSWORD, NEW)).isEqualTo(204);
		assertThat(change(here, DemoUsers.PASSWORD, NEW)).isEqualTo(403);
		untold("now()", "gen_random_uuid()");
		assertThat(change(here, DemoUsers.PASSWORD, NEW)).isEqualTo(403);
		untold("now() - interval '601 seconds'", "(SELECT id FROM auth.session WHERE user_id = u.id)");
		assertThat(change(here, DemoUsers.PASSWORD, NEW)).isEqualTo(403);
		untold("now()", "(SELECT id FROM auth.session WHERE user_id = u.id)");
		assertThat(change(here, DemoUsers.PASSWORD, NEW)).isEqualTo(204);
	}

	private static void untold(String since, String session) {
		stack.database()
			.execute("UPDATE auth.user_account AS u SET untold_since = " + since + ", untold_session_id = " + session
					+ " WHERE login = 'kitchen'");
	}

	private static int change(String token, String current, String replacement) {
		return client.put()
			.uri("/auth/password")
			.headers((headers) -> headers.setBearerAuth(token))
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(Map.of("current_password", current, "new_password", replacement))
			.exchange()
			.returnResult(Void.class)
			.getStatus()
			.value();
	}

	private static String completion(String code, String password) {
		return "{\"code\":\"" + code + "\",\"new_password\":\"" + password + "\"}";
	}

	private static String codeSentTo(String contact) {
		await().atMost(WAIT).until(() -> !stack.notifier().sentTo(contact).isEmpty());
		return stack.notifier().sentTo(contact).get(0).code();
	}

	/** Until the commit is through, nobody can tell. */
	private static int repeated(IntSupplier call) {
		AtomicInteger last = new AtomicInteger();
		await().pollDelay(Duration.ofSeconds(1)).pollInterval(Duration.ofSeconds(1)).atMost(WAIT).until(() -> {
			last.set(call.getAsInt());
			return last.get() != 503;
		});
		return last.get();
	}

	/** As long as it takes beyond the gateway's patience, and less than the server's. */
	private static void commitsTakeLong(String table, String when) {
		stack.database().execute("""
				CREATE CONSTRAINT TRIGGER takes_long AFTER UPDATE ON auth.%s DEFERRABLE INITIALLY DEFERRED
				  FOR EACH ROW WHEN (%s) EXECUTE FUNCTION auth.take_long()
				""".formatted(table, when));
	}

	private static int events(String which) {
		String sql = "SELECT count(*) FROM auth.audit_event WHERE " + which;
		try (Connection connection = stack.database().open();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getInt(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

}
