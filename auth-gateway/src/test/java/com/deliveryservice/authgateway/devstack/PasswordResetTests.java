package com.deliveryservice.authgateway.devstack;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

import com.deliveryservice.authgateway.directory.PasswordHashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A forgotten password, against the whole dev stack: what its owner can do, and what a
 * stranger can find out.
 */
@ExtendWith(OutputCaptureExtension.class)
class PasswordResetTests {

	private static final Duration WAIT = Duration.ofSeconds(20);

	private static final String NEW = "wrong zebra socket";

	private static DevStack stack;

	private static App app;

	@BeforeAll
	static void start() {
		stack = DevStack.startOnFreePorts("--auth-gateway.protection.password-reset.per-account-and-hour=100",
				"--auth-gateway.protection.password-reset.per-account-and-day=100",
				"--auth-gateway.protection.password-reset.per-address-and-hour=1000",
				"--auth-gateway.protection.sign-in.address-failures=10000");
		app = new App(stack);
	}

	@AfterAll
	static void stop() {
		stack.close();
	}

	@AfterEach
	void theNotificationServiceWorks() {
		stack.notifier().answer(202);
	}

	@Test
	void theOwnerGetsACodeAndANewPasswordAndEverySessionEnds(CapturedOutput output) {
		JsonNode session = App.json(app.signIn("customer"));
		String token = session.path("access_token").asString();
		String reset = begin("Customer");
		String code = codeSentTo("customer@example.org");
		assertThat(code).matches("[0-9]{6}");
		assertThat(complete(reset, code, NEW).statusCode()).isEqualTo(204);
		assertThat(app.get("/api/customer/x", token).statusCode()).isEqualTo(401);
		assertThat(app.refresh(session.path("refresh_token").asString()).statusCode()).isEqualTo(400);
		assertThat(app.signIn("customer").statusCode()).isEqualTo(401);
		assertThat(App.answerOf(app.signingIn("customer", NEW)).statusCode()).isEqualTo(200);
		expectClosed(complete(reset, code, NEW), "completed");
		await().atMost(WAIT)
			.untilAsserted(() -> assertThat(column("SELECT type FROM auth.audit_event WHERE user_id = "
					+ "(SELECT id FROM auth.user_account WHERE login = 'customer') AND type LIKE 'password_reset%'"))
				.contains("password_reset_requested", "password_reset"));
		assertThat(column("SELECT detail FROM auth.audit_event WHERE detail LIKE '%" + code + "%'")).isEmpty();
		assertThat(output.getAll()).doesNotContain(code).doesNotContain(NEW);
	}

	@Test
	void aWrongCodeIsOneEventAndNoThrottle() {
		user("clumsy", "$argon2id$none");
		String reset = begin("clumsy");
		String wrong = codeSentTo("clumsy@example.org").equals("000000") ? "000001" : "000000";
		assertThat(complete(reset, wrong, NEW).statusCode()).isEqualTo(422);
		String request = "SELECT request_id FROM auth.audit_event WHERE type = 'password_reset_code_wrong'";
		await().atMost(WAIT).untilAsserted(() -> assertThat(column(request)).isNotEmpty());
		assertThat(column(
				"SELECT type FROM auth.audit_event WHERE type = 'throttled' AND request_id IN (" + request + ")"))
			.isEmpty();
	}

	@Test
	void eachWrongCodeIsAnEventTheFifthTooAndNoneAfterIt() {
		user("guessed-at", "$argon2id$none");
		String reset = begin("guessed-at");
		for (int i = 0; i < 7; i++) {
			complete(reset, "wrong" + i, NEW);
		}
		String told = "SELECT detail::json ->> 'attempts_left' FROM auth.audit_event WHERE type = "
				+ "'password_reset_code_wrong' AND user_id = (SELECT id FROM auth.user_account WHERE login = "
				+ "'guessed-at') AND detail LIKE '%" + reset + "%' ORDER BY at";
		await().atMost(WAIT).untilAsserted(() -> assertThat(column(told)).containsExactly("4", "3", "2", "1", "0"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "nobody", "suspended", "n0b0dy@example.org", "x" })
	void whoeverAsksForNobodyGetsTheSameAnswers(String login) {
		if (login.equals("suspended")) {
			user("suspended", "$argon2id$none");
			stack.database().execute("UPDATE auth.user_account SET status = 'suspended' WHERE login = 'suspended'");
		}
		user("somebody-" + login, "$argon2id$none");
		List<String> known = walk("somebody-" + login);
		List<String> unknown = walk(login);
		assertThat(unknown).isEqualTo(known);
		assertThat(known).hasSize(8).last().asString().contains("410").contains("too-many-attempts");
		assertThat(stack.notifier().sentTo(login + "@example.org")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "nobody", "courier" })
	void anExpiredOneIsClosedWhoseverItIs(String login) {
		String reset = begin(login);
		stack.database().execute("UPDATE auth.password_reset SET code_expires_at = now() WHERE id = '" + reset + "'");
		expectClosed(complete(reset, "000000", NEW), "expired");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nobody", "courier" })
	void theNewestOverridesWhoseverItIs(String login) {
		String older = begin(login);
		begin(login);
		expectClosed(complete(older, "000000", NEW), "overridden");
	}

	@Test
	void nobodyLearnsFromRefusedPasswordsWhoseWordsTheyAre() {
		String reset = begin("manager");
		String code = codeSentTo("manager@example.org");
		String guess = code.equals("000000") ? "000001" : "000000";
		assertThat(complete(reset, guess, "manager@example.org").statusCode()).isEqualTo(422);
		HttpResponse<String> own = complete(reset, code, "manager@example.org");
		assertThat(own.statusCode()).isEqualTo(400);
		assertThat(App.json(own).path("errors").path(0).path("field").asString()).isEqualTo("new_password");
		assertThat(complete(reset, code, "short").statusCode()).isEqualTo(400);
		assertThat(complete(reset, code, NEW).statusCode()).isEqualTo(204);
	}

	@Test
	void anAccountWithoutAPasswordGetsItsFirst() {
		user("imported", PasswordHashing.NO_PASSWORD);
		assertThat(App.answerOf(app.signingIn("imported", PasswordHashing.NO_PASSWORD)).statusCode()).isEqualTo(401);
		String reset = begin("imported");
		assertThat(complete(reset, codeSentTo("imported@example.org"), NEW).statusCode()).isEqualTo(204);
		assertThat(App.answerOf(app.signingIn("imported", NEW)).statusCode()).isEqualTo(200);
	}

	@Test
	void theCodeGoesToTheVerifiedContactAlone() {
		user("twoways", PasswordHashing.NO_PASSWORD);
		stack.database()
			.execute("UPDATE auth.user_account SET verified_contact_kind = 'phone', verified_contact = '+15550177',"
					+ " phone_number = '+15550177' WHERE login = 'twoways'");
		begin("twoways");
		NotifierStandIn.Message message = messageTo("+15550177");
		assertThat(message.channel()).isEqualTo("phone");
		assertThat(message.template()).isEqualTo("password-reset");
		assertThat(message.data()).containsOnlyKeys("code", "code_expires_at", "login");
		assertThat(stack.notifier().sentTo("twoways@example.org")).isEmpty();
	}

	@Test
	void whileTheNotificationServiceIsAwayTheAnswerIsTheSameAndTheCodeComesLater() {
		user("patient", PasswordHashing.NO_PASSWORD);
		stack.notifier().answer(503);
		List<String> known = List.of(shapeOf(asking("patient")));
		assertThat(known).containsExactly(shapeOf(asking("nobody")));
		stack.notifier().answer(202);
		assertThat(codeSentTo("patient@example.org")).matches("[0-9]{6}");
	}

	@Test
	void theSameRightCodeManyTimesAtOnceIsOneSuccess() {
		user("hasty", PasswordHashing.NO_PASSWORD);
		String reset = begin("hasty");
		String code = codeSentTo("hasty@example.org");
		List<Integer> statuses = IntStream.range(0, 8)
			.parallel()
			.mapToObj((i) -> complete(reset, code, NEW + i).statusCode())
			.toList();
		assertThat(statuses).filteredOn((status) -> status == 204).hasSize(1);
		assertThat(statuses).containsOnly(204, 410);
	}

	@Test
	void neitherCodeNorPasswordCanBeSearchedAtOneThatNobodyWasToldOf() {
		user("searched", PasswordHashing.NO_PASSWORD);
		String reset = begin("searched");
		String code = codeSentTo("searched@example.org");
		assertThat(complete(reset, code, NEW).statusCode()).isEqualTo(204);
		stack.database()
			.execute("UPDATE auth.password_reset SET answered_at = NULL, closed_at = closed_at - interval '5 seconds'"
					+ " WHERE id = '" + reset + "'");
		for (String password : List.of("guess 1 zebra", "guess 2 zebra", "guess 3 zebra")) {
			expectClosed(complete(reset, code, password), "completed");
		}
		expectClosed(complete(reset, "wrong", NEW), "completed");
		expectClosed(complete(reset, "wrong", NEW), "completed");
		expectClosed(complete(reset, code, NEW), "completed");
	}

	@Test
	void whoWasSuspendedMeanwhileGetsNoPassword() {
		user("late", PasswordHashing.NO_PASSWORD);
		String reset = begin("late");
		String code = codeSentTo("late@example.org");
		stack.database().execute("UPDATE auth.user_account SET status = 'suspended' WHERE login = 'late'");
		expectClosed(complete(reset, code, NEW), "expired");
		assertThat(column("SELECT password_hash FROM auth.user_account WHERE login = 'late'"))
			.containsExactly(PasswordHashing.NO_PASSWORD);
	}

	@Test
	void whoWasLockedOutByAGuesserSignsInAtOnceAfterAReset() {
		for (int i = 0; i < 8; i++) {
			App.answerOf(app.signingIn("kitchen", "wrong " + i));
		}
		assertThat(app.signIn("kitchen").statusCode()).isEqualTo(429);
		String reset = begin("kitchen");
		assertThat(complete(reset, codeSentTo("kitchen@example.org"), NEW).statusCode()).isEqualTo(204);
		assertThat(App.answerOf(app.signingIn("kitchen", NEW)).statusCode()).isEqualTo(200);
	}

	@Test
	void unknownResetsAre404() {
		for (String id : List.of("00000000-0000-4000-8000-000000000000", "nothing", "1")) {
			HttpResponse<String> answer = complete(id, "042137", NEW);
			assertThat(answer.statusCode()).isEqualTo(404);
			assertThat(App.code(answer)).isEqualTo("password-reset-not-found");
		}
	}

	/** Everything about the answers of a whole reset that fails, but ids and times. */
	private static List<String> walk(String login) {
		HttpResponse<String> begun = asking(login);
		String reset = App.json(begun).path("reset_id").asString();
		List<String> shapes = new ArrayList<>();
		shapes.add(shapeOf(begun));
		shapes.add(shapeOf(complete(reset, "", NEW)));
		for (String code : List.of("wrong1", "wrong2", "wrong3", "wrong4", "wrong5", "wrong6")) {
			shapes.add(shapeOf(complete(reset, code, NEW)));
		}
		return shapes;
	}

	private static String shapeOf(HttpResponse<String> answer) {
		Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
		headers.keySet().removeAll(List.of("x-request-id", "date"));
		String body = answer.body()
			.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
			.replaceAll("\"request_id\":\"[^\"]*\"", "REQUEST")
			.replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "TIME");
		return answer.statusCode() + " " + body + " "
				+ headers.entrySet().stream().filter((header) -> !header.getKey().equals("content-length")).toList();
	}

	private static HttpResponse<String> asking(String login) {
		HttpResponse<String> answer = app.postJson("/auth/password-reset", "{\"login\":\"" + login + "\"}");
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
		return answer;
	}

	private static String begin(String login) {
		return App.json(asking(login)).path("reset_id").asString();
	}

	private static HttpResponse<String> complete(String reset, String code, String password) {
		return app.postJson("/auth/password-reset/" + reset,
				"{\"code\":\"" + code + "\",\"new_password\":\"" + password + "\"}");
	}

	private static void expectClosed(HttpResponse<String> answer, String reason) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(410);
		assertThat(App.code(answer)).isEqualTo("password-reset-closed");
		assertThat(App.json(answer).path("reason").asString()).isEqualTo(reason);
	}

	private static String codeSentTo(String contact) {
		return messageTo(contact).code();
	}

	private static NotifierStandIn.Message messageTo(String contact) {
		await().atMost(WAIT).until(() -> !stack.notifier().sentTo(contact).isEmpty());
		return stack.notifier().sentTo(contact).get(0);
	}

	private static void user(String login, String hash) {
		stack.database().execute("""
				INSERT INTO auth.user_account (login, login_normalized, email, verified_contact_kind, verified_contact,
				  user_type, password_hash)
				VALUES ('%1$s', '%1$s', '%1$s@example.org', 'email', '%1$s@example.org', 'customer', '%2$s')
				""".formatted(login, hash));
	}

	private static List<String> column(String sql) {
		try (Connection connection = stack.database().open();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			List<String> values = new ArrayList<>();
			while (result.next()) {
				values.add(result.getString(1));
			}
			return values;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

}
