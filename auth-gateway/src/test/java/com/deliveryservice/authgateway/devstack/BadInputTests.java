package com.deliveryservice.authgateway.devstack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Whatever comes instead of what is expected, at every endpoint of the API lane that
 * takes something, against the whole gateway: refused or ignored, never stored, never
 * 500.
 */
class BadInputTests {

	private static final Duration WAIT = Duration.ofSeconds(20);

	private static final String JSON = "application/json";

	private static final String FORM = "application/x-www-form-urlencoded";

	private static final String SOMEBODY = "00000000-0000-4000-8000-000000000000";

	private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	/** What must never come back. */
	private static final String MARK = "echo7391";

	private static final List<Endpoint> ENDPOINTS = List.of(
			new Endpoint("POST", "/auth/sign-up", null,
					fields("login", MARK, "email", MARK + "@example.org", "password", "correct horse battery",
							"phone_number", "+15550111", "invitation", "none")),
			new Endpoint("POST", "/auth/sign-up/" + SOMEBODY + "/verification", null, fields("code", "042137")),
			new Endpoint("POST", "/auth/sign-in", null,
					fields("login", MARK, "password", "correct horse battery", "device_name", "Pixel", "device_token",
							"none")),
			new Endpoint("PUT", "/auth/password", "kitchen",
					fields("current_password", "not it " + MARK, "new_password", "wrong zebra socket")),
			new Endpoint("POST", "/auth/password-reset", null, fields("login", MARK, "device_token", "none")),
			new Endpoint("POST", "/auth/password-reset/" + SOMEBODY, null,
					fields("code", "042137", "new_password", "wrong zebra socket", "device_token", "none")),
			new Endpoint("POST", "/auth/invitations", "admin",
					fields("user_type", "courier", "email", MARK + "@example.org")),
			new Endpoint("PATCH", "/auth/users/" + SOMEBODY, "admin", fields("status", "suspended")));

	private static DevStack stack;

	@BeforeAll
	static void start() {
		stack = DevStack.startOnFreePorts("--auth-gateway.protection.sign-in.address-failures=1000000",
				"--auth-gateway.protection.sign-up.per-address-and-hour=1000000",
				"--auth-gateway.protection.password-reset.per-address-and-hour=1000000",
				"--auth-gateway.protection.password-reset.per-account-and-hour=1000000",
				"--auth-gateway.protection.password-reset.per-account-and-day=1000000");
	}

	@AfterAll
	static void stop() {
		stack.close();
	}

	static Stream<Arguments> brokenBodies() {
		return ENDPOINTS.stream()
			.flatMap((endpoint) -> bodies(endpoint).entrySet()
				.stream()
				.map((entry) -> arguments(endpoint, entry.getKey(), entry.getValue())));
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("brokenBodies")
	void aBodyThatIsNoneIs400AndLeavesNothing(Endpoint endpoint, String what, byte[] body) {
		long before = rows();
		expectRefused(send(endpoint, JSON, body), Set.of(400));
		assertThat(rows()).isEqualTo(before);
	}

	static Stream<Arguments> brokenFields() {
		return ENDPOINTS.stream()
			.flatMap((endpoint) -> endpoint.fields()
				.keySet()
				.stream()
				.flatMap((field) -> values().stream().map((value) -> arguments(endpoint, field, value))));
	}

	@ParameterizedTest(name = "{0}: {1} = {2}")
	@MethodSource("brokenFields")
	void aFieldOfAnotherTypeOrUnstorableIs400AndNamed(Endpoint endpoint, String field, String value) {
		long before = rows();
		HttpResponse<String> answer = send(endpoint, JSON, bytes(endpoint.json(field, value)));
		expectRefused(answer, Set.of(400));
		assertThat(App.code(answer)).isEqualTo("validation-failed");
		assertThat(App.json(answer).path("errors").path(0).path("field").asString()).isIn(field, "");
		assertThat(rows()).isEqualTo(before);
	}

	static Stream<Endpoint> endpoints() {
		return ENDPOINTS.stream();
	}

	@ParameterizedTest
	@MethodSource("endpoints")
	void aMebibyteIs413BeforeItIsSentAndWithoutALengthAsSoonAsItIsTooMuch(Endpoint endpoint) throws IOException {
		assertThat(statusOf(endpoint, JSON, "Content-Length: 1048576\r\n\r\n")).isEqualTo("413");
		String begun = "{\"unknown\":\"" + "x".repeat(16 * 1024);
		assertThat(statusOf(endpoint, JSON,
				"Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(begun.length()) + "\r\n" + begun + "\r\n"))
			.isEqualTo("413");
	}

	@ParameterizedTest
	@MethodSource("endpoints")
	void whatFitsAndIsFarTooLongForItsFieldIsRefusedOrTakenForNobodys(Endpoint endpoint) {
		for (String field : endpoint.fields().keySet()) {
			HttpResponse<String> answer = send(endpoint, JSON,
					bytes(endpoint.json(field, "\"" + "x".repeat(15_000) + "\"")));
			assertThat(answer.statusCode()).as(field + answer.body()).isIn(202, 400, 401, 403, 404);
		}
	}

	@ParameterizedTest
	@MethodSource("endpoints")
	void anotherMediaTypeOrCharsetIs415(Endpoint endpoint) {
		byte[] body = bytes(endpoint.json());
		for (String type : List.of("text/plain", "application/xml", FORM, "multipart/form-data; boundary=x", "*/*",
				"application/json-patch+json", "application/json; charset=utf-16", "application/json; charset=latin1",
				"application/json; charset=none-such", "nonsense", "")) {
			expectRefused(send(endpoint, type, body), Set.of(400, 415));
		}
		expectRefused(send(endpoint, null, body), Set.of(400, 415));
	}

	@ParameterizedTest
	@MethodSource("endpoints")
	void aPackedBodyIsNotUnpacked(Endpoint endpoint) {
		HttpResponse<String> answer = exchange(
				request(endpoint.path()).header("Content-Encoding", "gzip").header("Content-Type", JSON), endpoint,
				bytes(endpoint.json()));
		expectRefused(answer, Set.of(400, 415));
	}

	@ParameterizedTest
	@ValueSource(strings = { "' OR 1=1 --", "anna'; DROP TABLE auth.user_account; --", "anna\\r\\nX-Auth-User-Id: 1",
			"anna\\u0000", "anna\\u202egpj", "an\\u200bna", "anna\\u3164", "ann\\u0430", "\\u0430dmin", "p\\u0430ypal",
			"admin\\u0661" + "1", "<script>", "${jndi:ldap://x}", "../../etc", "anna%0d%0a", " anna", "an na",
			"\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00", "\\u0301\\u0301\\u0301", "anna\\u02bc" })
	void aLoginThatLooksLikeAnotherOrIsNoneIsNeverStored(String login) {
		long before = rows();
		String body = "{\"login\":\"" + login
				+ "\",\"email\":\"lookalike@example.org\",\"password\":\"correct horse battery\"}";
		expectRefused(send(ENDPOINTS.get(0), JSON, bytes(body)), Set.of(400));
		assertThat(rows()).isEqualTo(before);
		String signIn = "{\"login\":\"" + login + "\",\"password\":\"" + DemoUsers.PASSWORD + "\"}";
		expectRefused(send(ENDPOINTS.get(2), JSON, bytes(signIn)), Set.of(400, 401));
		int reset = send(ENDPOINTS.get(4), JSON, bytes("{\"login\":\"" + login + "\"}")).statusCode();
		assertThat(reset).isIn(202, 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\\uff21DMIN", "ADMIN", "\\u1d2cdmin", "adm\\u0131n", "ma\\uff4eager" })
	void aLoginThatIsAnothersAfterNormalisingIsThatOneAndNotStoredTwice(String login) {
		String body = "{\"login\":\"" + login + "\",\"email\":\"same" + login.hashCode()
				+ "@example.org\",\"password\":\"correct horse battery\"}";
		HttpResponse<String> answer = send(ENDPOINTS.get(0), JSON, bytes(body));
		assertThat(answer.statusCode()).as(answer.body()).isIn(400, 409);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a@example.org\\r\\nBcc: b@example.org", "a@exa mple.org", "a@example.org\\u202e",
			"a@example.org,b@example.org", "\\\"a\\\"@example.org", "a@@example.org", "a@example", "<a@example.org>",
			"a\\u0000@example.org", "a@ex\\u200bample.org", "a@[127.0.0.1]" })
	void anAddressThatIsNoneIsNeverStored(String email) {
		long before = rows();
		String body = "{\"login\":\"goodlogin\",\"email\":\"" + email + "\",\"password\":\"correct horse battery\"}";
		expectRefused(send(ENDPOINTS.get(0), JSON, bytes(body)), Set.of(400));
		String invitation = "{\"user_type\":\"courier\",\"email\":\"" + email + "\"}";
		expectRefused(send(ENDPOINTS.get(6), JSON, bytes(invitation)), Set.of(400));
		assertThat(rows()).isEqualTo(before);
	}

	@Test
	void membersThatNobodyAskedForChangeNothing() {
		String mass = "\"user_type\":\"admin\",\"status\":\"active\",\"is_verified\":true,\"isVerified\":true,"
				+ "\"UserType\":\"admin\",\"scope\":\"users:manage\",\"id\":\"" + SOMEBODY + "\",\"attempts\":-100,"
				+ "\"triesNumber\":0,\"password_hash\":\"x\",\"to\":\"evil@example.org\",\"user_id\":\"" + SOMEBODY
				+ "\","
				+ "\"user\":{\"user_type\":\"admin\"},\"__proto__\":{\"x\":1},\"@class\":\"java.lang.Runtime\"}";
		App app = new App(stack);
		HttpResponse<String> signUp = app.postJson("/auth/sign-up",
				"{\"login\":\"mass\",\"email\":\"mass@example.org\",\"password\":\"correct horse battery\"," + mass);
		assertThat(signUp.statusCode()).as(signUp.body()).isEqualTo(202);
		String code = stack.standIn().codesSentTo("mass@example.org").get(0);
		String path = "/auth/sign-up/" + App.json(signUp).path("sign_up_id").asString() + "/verification";
		assertThat(app.postJson(path, "{\"code\":\"none\"," + mass).statusCode()).isEqualTo(422);
		assertThat(App.json(app.postJson(path, "{\"code\":\"none\"," + mass)).path("attempts_left").asInt())
			.isEqualTo(3);
		assertThat(app.postJson(path, "{\"code\":\"" + code + "\"," + mass).statusCode()).isEqualTo(204);
		HttpResponse<String> signIn = app.postJson("/auth/sign-in",
				"{\"login\":\"mass\",\"password\":\"correct horse battery\"," + mass);
		assertThat(App.json(signIn).path("user").path("user_type").asString()).isEqualTo("customer");
		assertThat(App.json(signIn).path("scope").asString()).doesNotContain("users:manage");
		app.postJson("/auth/password-reset", "{\"login\":\"mass\"," + mass);
		await().atMost(WAIT).until(() -> !stack.notifier().sentTo("mass@example.org").isEmpty());
		assertThat(stack.notifier().sentTo("evil@example.org")).isEmpty();
		assertThat(values("SELECT user_type || status || verified_contact FROM auth.user_account WHERE login = 'mass'"))
			.containsExactly("customeractivemass@example.org");
	}

	@Test
	void aChangeOfAUserChangesNothingElse() {
		String id = values("SELECT id::text FROM auth.user_account WHERE login = 'courier'").get(0);
		HttpResponse<String> answer = exchange(request("/auth/users/" + id).header("Content-Type", JSON),
				new Endpoint("PATCH", "/auth/users/" + id, "admin", Map.of()),
				bytes("{\"status\":\"active\",\"login\":\"evil\",\"email\":\"evil@example.org\",\"password_hash\":\"x\","
						+ "\"created_at\":\"1970-01-01T00:00:00Z\",\"id\":\"" + SOMEBODY + "\"}"));
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertThat(values("SELECT login || email FROM auth.user_account WHERE id = '" + id + "'"))
			.containsExactly("couriercourier@example.org");
	}

	@ParameterizedTest
	@ValueSource(strings = { "login=%00", "login=%ED%A0%80", "login=%FF", "login=%C0%AE", "user_type=%00",
			"user_type=%27%20OR%201%3D1", "status=%00", "status=deleted", "page_size=0", "page_size=-1",
			"page_size=99999999999999999999", "page_size=1e1", "page_size=%D9%A1", "page_token=%00", "page_token=x",
			"page_token=f____________________________________", "page_token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
			"login=a&login=b", "page_token=AHAc0vqVeP8AAAAAAAAAAAAAAAAAAAAAAAAAAA",
			"page_token=fwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" })
	void aListOfUsersTakesNoNonsense(String query) {
		HttpResponse<String> answer = get("/auth/users?" + query, "admin");
		assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400);
		if (answer.statusCode() == 200) {
			assertThat(App.json(answer).path("users").size()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "user_id=%00", "user_id=1", "type=%00", "type=' OR 1=1", "from=yesterday",
			"from=%2B999999999-12-31T23:59:59Z", "from=-999999999-01-01T00:00:00Z", "from=2026-11-23T04:05:06",
			"from=2026-13-01T00:00:00Z", "page_token=%00", "page_token=x", "type=sign_in&type=sign_out",
			"page_token=KzEwMDAwMDAwMDAtMTItMzFUMjM6NTk6NTlaLDAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMA" })
	void theAuditTakesNoNonsense(String query) {
		HttpResponse<String> answer = get("/auth/audit?" + query.replace(" ", "%20"), "admin");
		expectRefused(answer, Set.of(400));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "grant_type=refresh_token", "grant_type=refresh_token&refresh_token=",
			"grant_type=refresh_token&refresh_token=a&refresh_token=b", "grant_type=password&username=a&password=b",
			"grant_type=refresh_token&grant_type=refresh_token&refresh_token=x", "%", "grant_type=%zz",
			"grant_type=refresh_token&refresh_token=%00", "grant_type=refresh_token&refresh_token=%0d%0aX:%20y",
			"grant_type=refresh_token&refresh_token=' OR 1=1", "{\"grant_type\":\"refresh_token\"}", "&&&===",
			"grant_type=refresh_token&refresh_token=%ED%A0%80", "grant_type=refresh_token&refresh_token=%F0%9F%98%80" })
	void aFormThatIsNoneIs400AndAnErrorOfOauth(String form) {
		for (String path : List.of("/oauth2/token", "/oauth2/revoke")) {
			HttpResponse<String> answer = post(path, FORM, bytes(form));
			assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(400);
			assertThat(App.json(answer).path("error").asString()).isIn("invalid_request", "invalid_grant",
					"unsupported_grant_type");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "%00", "x", "' OR 1=1 --", "a.b.c", "%F0%9F%98%80", "%0d%0a" })
	void aTokenThatIsNoneIsRevokedAsWellAsCanBe(String token) {
		assertThat(post("/oauth2/revoke", FORM, bytes("token=" + token)).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/json", "multipart/form-data; boundary=x", "nonsense",
			"application/x-www-form-urlencoded; charset=none-such",
			"application/x-www-form-urlencoded; charset=utf-16" })
	void aFormOfAnotherTypeIsNone(String type) {
		for (String path : List.of("/oauth2/token", "/oauth2/revoke")) {
			HttpResponse<String> answer = post(path, type, bytes("grant_type=refresh_token&refresh_token=x&token=x"));
			assertThat(answer.statusCode()).as(path + answer.body()).isIn(400, 415);
			assertThat(App.json(answer).path("error").asString()).isEqualTo("invalid_request");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/oauth2/token", "/oauth2/revoke" })
	void aFormOfAMebibyteIs413(String path) throws IOException {
		Endpoint endpoint = new Endpoint("POST", path, null, Map.of());
		assertThat(statusOf(endpoint, FORM, "Content-Length: 1048576\r\n\r\n")).isEqualTo("413");
	}

	private static Map<String, byte[]> bodies(Endpoint endpoint) {
		String json = endpoint.json();
		Map<String, byte[]> bodies = new LinkedHashMap<>();
		bodies.put("nothing", new byte[0]);
		bodies.put("blanks", bytes(" \r\n\t"));
		for (String other : List.of("null", "[]", "[" + json + "]", "\"" + MARK + "\"", "1", "true", "{", "}", "{,}",
				"{\"a\"}", "{\"a\":}", "{'a':'b'}", "{a:1}", "//x\n" + json, "/*x*/" + json, "{\"a\":NaN}",
				"{\"a\":01}", "{\"a\":+1}", "{\"a\":0x1}", "{\"a\":\"\u0001\"}", "{\"a\":\"\\x\"}", "{\"a\":'b'}",
				"<a/>")) {
			bodies.put(other.replace(MARK, "…"), bytes(other));
		}
		bodies.put("truncated", bytes(json.substring(0, json.length() - 1)));
		bodies.put("cut in a string", bytes(json.substring(0, json.length() - 2)));
		bodies.put("trailing garbage", bytes(json + "x"));
		bodies.put("two values", bytes(json + json));
		bodies.put("a NUL behind", bytes(json + "\0"));
		bodies.put("deep unknown", bytes(endpoint.json("unknown", "[".repeat(5000) + "]".repeat(5000))));
		bodies.put("deep objects", bytes(endpoint.json("unknown", "{\"a\":".repeat(1000) + "1" + "}".repeat(1000))));
		bodies.put("huge number", bytes(endpoint.json("unknown", "9".repeat(10_000))));
		bodies.put("long name", bytes(endpoint.json("x".repeat(10_000), "1")));
		bodies.put("unknown twice", bytes(json.substring(0, json.length() - 1) + ",\"x\":1,\"x\":2}"));
		endpoint.fields()
			.forEach((name, value) -> bodies.put(name + " twice",
					bytes(json.substring(0, json.length() - 1) + ",\"" + name + "\":\"" + value + "\"}")));
		bodies.put("UTF-16", json.getBytes(StandardCharsets.UTF_16));
		bodies.put("UTF-16LE", json.getBytes(StandardCharsets.UTF_16LE));
		bodies.put("Latin 1", endpoint.json("x", "\"\u00e9\"").getBytes(StandardCharsets.ISO_8859_1));
		bodies.put("a surrogate in bytes", concat(bytes("{\"x\":\""),
				new byte[] { (byte) 0xed, (byte) 0xa0, (byte) 0x80 }, bytes("\"," + json.substring(1))));
		bodies.put("overlong",
				concat(bytes("{\"x\":\""), new byte[] { (byte) 0xc0, (byte) 0xaf }, bytes("\"," + json.substring(1))));
		bodies.put("a byte order mark", concat(new byte[] { (byte) 0xef, (byte) 0xbb, (byte) 0xbf }, bytes(json)));
		return bodies;
	}

	private static List<String> values() {
		return List.of("1", "1.5", "1e999", "-1", "true", "[]", "[\"a\"]", "{}", "{\"a\":\"b\"}", "\"a\\u0000b\"",
				"\"\\ud800\"", "\"\\udc00\\ud800\"", "[[[[[[[[[[]]]]]]]]]]", "12345678901234567890123456789012345");
	}

	private static void expectRefused(HttpResponse<String> answer, Set<Integer> statuses) {
		assertThat(answer.statusCode()).as(answer.body()).isIn(statuses);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(App.json(answer).path("code").asString()).isEqualTo(App.code(answer));
		assertThat(answer.body()).doesNotContain(MARK)
			.doesNotContain("com.deliveryservice")
			.doesNotContain("tools.jackson")
			.doesNotContain("SQL");
	}

	/** Of every table in which these endpoints could leave something. */
	private static long rows() {
		return Long.parseLong(values("SELECT (SELECT count(*) FROM auth.user_account)"
				+ " + (SELECT count(*) FROM auth.sign_up) + (SELECT count(*) FROM auth.pending_user)"
				+ " + (SELECT count(*) FROM auth.invitation) + (SELECT count(*) FROM auth.password_reset)")
			.get(0));
	}

	private static HttpResponse<String> send(Endpoint endpoint, @Nullable String type, byte[] body) {
		HttpRequest.Builder request = request(endpoint.path());
		return exchange((type != null) ? request.header("Content-Type", type) : request, endpoint, body);
	}

	/**
	 * Sends no more than is read, so that the answer cannot get lost behind what is not.
	 */
	private static String statusOf(Endpoint endpoint, String type, String rest) throws IOException {
		URI edge = URI.create(stack.edgeUrl());
		try (Socket socket = new Socket(edge.getHost(), edge.getPort())) {
			socket.setSoTimeout((int) WAIT.toMillis());
			String authorization = (endpoint.login() != null)
					? "Authorization: Bearer " + tokenOf(endpoint.login()) + "\r\n" : "";
			socket.getOutputStream()
				.write(bytes(endpoint.method() + " " + endpoint.path() + " HTTP/1.1\r\nHost: " + edge.getAuthority()
						+ "\r\nContent-Type: " + type + "\r\n" + authorization + rest));
			byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 413".length());
			return new String(line, StandardCharsets.US_ASCII).substring("HTTP/1.1 ".length());
		}
	}

	private static HttpResponse<String> post(String path, String type, byte[] body) {
		return send(new Endpoint("POST", path, null, Map.of()), type, body);
	}

	private static HttpResponse<String> get(String path, String login) {
		return exchange(request(path), new Endpoint("GET", path, login, Map.of()), new byte[0]);
	}

	private static HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(stack.edgeUrl() + path)).timeout(WAIT);
	}

	private static HttpResponse<String> exchange(HttpRequest.Builder request, Endpoint endpoint, byte[] body) {
		if (endpoint.login() != null) {
			request.header("Authorization", "Bearer " + tokenOf(endpoint.login()));
		}
		request.method(endpoint.method(),
				endpoint.method().equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
		return App.answerOf(HTTP.sendAsync(request.build(), BodyHandlers.ofString()));
	}

	private static String tokenOf(String login) {
		return TOKENS.computeIfAbsent(login, (user) -> new App(stack).tokenOf(user));
	}

	private static List<String> values(String sql) {
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

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] concat(byte[]... parts) {
		ByteArrayOutputStream whole = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			whole.writeBytes(part);
		}
		return whole.toByteArray();
	}

	private static Map<String, String> fields(String... namesAndValues) {
		Map<String, String> fields = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			fields.put(namesAndValues[i], namesAndValues[i + 1]);
		}
		return fields;
	}

	/**
	 * An endpoint and what it takes.
	 *
	 * @param method of the request
	 * @param path of the request
	 * @param login who asks, or {@code null} for anybody
	 * @param fields all that it knows, with values that are well-formed
	 */
	record Endpoint(String method, String path, @Nullable String login, Map<String, String> fields) {

		/** A good body. */
		String json() {
			return json("", "");
		}

		/** With one member more, or another value of one. */
		String json(String name, String value) {
			Map<String, String> members = new LinkedHashMap<>();
			this.fields.forEach((field, text) -> members.put(field, "\"" + text + "\""));
			if (!name.isEmpty()) {
				members.put(name, value);
			}
			List<String> parts = new ArrayList<>();
			members.forEach((member, text) -> parts.add("\"" + member + "\":" + text));
			return "{" + String.join(",", parts) + "}";
		}

		@Override
		public String toString() {
			return this.method + " " + this.path.replaceAll("[0-9a-f-]{36}", "{id}");
		}

	}

}
