package com.deliveryservice.authgateway.devstack;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether somebody exists, waits for a code or is suspended does not show at the sign-in:
 * not in the answer, and not in the work that is done for it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NoOracleTests {

	private static final Pattern REQUEST_ID = Pattern.compile("(?i)x-request-id: *(\\S+)");

	/** Each with a password that would be right if the person could sign in. */
	private static final Map<String, String> KINDS = new LinkedHashMap<>();
	static {
		KINDS.put("nobody-at-all", "correct horse battery");
		KINDS.put("customer", "not the password");
		KINDS.put("pending", "correct horse battery");
		KINDS.put("kitchen", DemoUsers.PASSWORD);
	}

	private final WorkWatcher watcher = new WorkWatcher();

	private DevStack stack;

	private App app;

	@BeforeAll
	void start() {
		this.stack = DevStack.startWatched(this.watcher);
		this.app = new App(this.stack);
		assertThat(this.app
			.postJson("/auth/sign-up",
					"{\"login\":\"pending\",\"email\":\"pending@example.org\",\"password\":\"correct horse battery\"}")
			.statusCode()).isEqualTo(202);
		this.stack.database().execute("UPDATE auth.user_account SET status = 'suspended' WHERE login = 'kitchen'");
	}

	@AfterAll
	void stop() {
		this.stack.close();
	}

	@BeforeEach
	void forgetFailures() {
		this.stack.database().execute("TRUNCATE auth.throttle, auth.throttle_spray");
	}

	@Test
	void theAnswersAreTheSameByteForByte() throws IOException {
		List<String> answers = new ArrayList<>();
		for (Map.Entry<String, String> kind : KINDS.entrySet()) {
			answers.add(answer(kind.getKey(), kind.getValue()));
		}
		assertThat(answers.get(0)).startsWith("HTTP/1.1 401 ").contains("\"code\":\"invalid-credentials\"");
		assertThat(answers).containsOnly(answers.get(0));
	}

	@Test
	void theWorkIsTheSame() {
		List<List<String>> all = new ArrayList<>();
		for (Map.Entry<String, String> kind : KINDS.entrySet()) {
			int asked = this.stack.standIn().calls(Operation.VERIFY_USER_CREDENTIALS).size();
			int tokens = this.stack.standIn().calls(Operation.GET_TOKEN_BY_USER_UID).size();
			this.watcher.forget();
			assertThat(App.answerOf(this.app.signingIn(kind.getKey(), kind.getValue())).statusCode()).isEqualTo(401);
			all.add(this.watcher.work());
			assertThat(this.stack.standIn().calls(Operation.VERIFY_USER_CREDENTIALS)).hasSize(asked + 1);
			assertThat(this.stack.standIn().calls(Operation.GET_TOKEN_BY_USER_UID)).hasSize(tokens);
		}
		assertThat(all.get(0)).containsOnlyOnce("hashing: matches").hasSizeGreaterThan(5);
		assertThat(all).containsOnly(all.get(0));
	}

	@Test
	void whoHasToWaitIsToldSoWhetherThereIsSuchAnAccountOrNot() throws IOException {
		List<String> answers = new ArrayList<>();
		for (Map.Entry<String, String> kind : KINDS.entrySet()) {
			for (int failure = 1; failure <= 6; failure++) {
				assertThat(answer(kind.getKey(), "a guess")).startsWith("HTTP/1.1 401 ");
			}
			this.stack.database()
				.execute("UPDATE auth.throttle SET blocked_until = now() + interval '10 minutes' WHERE failures = 6");
			answers.add(answer(kind.getKey(), kind.getValue()).replaceAll("(?i)retry-after: \\d+", "retry-after: N"));
			this.stack.database().execute("TRUNCATE auth.throttle, auth.throttle_spray");
		}
		assertThat(answers.get(0)).startsWith("HTTP/1.1 429 ").contains("too-many-attempts", "retry-after: N");
		assertThat(answers).containsOnly(answers.get(0));
	}

	@Test
	void aSignUpSaysOnlyThatSomebodyExistsAndNotWhatOfItDoes() {
		List<String> answers = new ArrayList<>();
		for (String taken : List.of("\"login\":\"customer\",\"email\":\"new@example.org\"",
				"\"login\":\"somebody-new\",\"email\":\"customer@example.org\"",
				"\"login\":\"kitchen\",\"email\":\"kitchen@example.org\"")) {
			var answer = this.app.postJson("/auth/sign-up", "{" + taken + ",\"password\":\"correct horse battery\"}");
			assertThat(answer.statusCode()).isEqualTo(409);
			JsonNode body = App.json(answer);
			answers.add(answer.body().replace(body.path("request_id").asString(), "ID"));
		}
		assertThat(answers).containsOnly(answers.get(0));
	}

	@Test
	void howOftenOneAsksASignUpWhoExistsIsLimitedPerContact() {
		List<Integer> told = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			told.add(this.app
				.postJson("/auth/sign-up",
						"{\"login\":\"asking-" + i
								+ "\",\"email\":\"courier@example.org\",\"password\":\"correct horse battery\"}")
				.statusCode());
		}
		assertThat(told).containsExactly(409, 409, 409, 429);
	}

	/** As it came over the wire, but for the request's id and the date. */
	private String answer(String login, String password) throws IOException {
		URI edge = URI.create(this.stack.edgeUrl());
		String body = "{\"login\":\"" + login + "\",\"password\":\"" + password + "\"}";
		try (Socket socket = new Socket(edge.getHost(), edge.getPort())) {
			socket.setSoTimeout((int) App.PATIENCE.toMillis());
			OutputStream out = socket.getOutputStream();
			out.write(("POST /auth/sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
					+ "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
				.getBytes(StandardCharsets.US_ASCII));
			out.flush();
			String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return withoutIdAndDate(all);
		}
	}

	private static String withoutIdAndDate(String answer) {
		var id = REQUEST_ID.matcher(answer);
		assertThat(id.find()).as(answer).isTrue();
		return answer.replace(id.group(1), "ID").replaceAll("(?i)\r\ndate: [^\r]*", "");
	}

}
