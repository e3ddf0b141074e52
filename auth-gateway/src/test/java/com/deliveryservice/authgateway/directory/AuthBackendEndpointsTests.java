package com.deliveryservice.authgateway.directory;

import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.problem.ProblemWriter;

import static com.deliveryservice.authgateway.directory.Accounts.PASSWORD;

class AuthBackendEndpointsTests {

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private static final PasswordHashing HASHING = Accounts.newHashing();

	private static final UUID BERT = new Accounts(DATABASE.raw(), HASHING).add("bert", "bert@example.org", "courier");

	private final WebTestClient workflowAuth = client(DATABASE, Accounts.settings(), caller("directory"));

	@BeforeAll
	static void others() {
		DATABASE.raw().execute("UPDATE auth.user_account SET phone_number = '+15550100' WHERE id = '" + BERT + "'");
	}

	@AfterAll
	static void close() {
		DATABASE.close();
		HASHING.destroy();
	}

	@Test
	void existenceIsLookedUpNormalised() {
		post("CheckUserExistance", "{\"Login\":\"BERT\",\"EMAIL\":\"Bert@Example.org\",\"phonenumber\":\"+15550100\"}")
			.expectStatus()
			.isOk()
			.expectBody()
			.json("{\"loginExists\":true,\"emailExists\":true,\"phoneNumberExists\":false}")
			.jsonPath("$.exceptionMessage")
			.doesNotExist();
	}

	@Test
	void aRightPasswordIsVerifiedAndNeverComesBack() {
		post("VerifyUserCredentials", "{\"login\":\"Bert\",\"password\":\"" + PASSWORD + "\",\"more\":[1]}")
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.isVerified")
			.isEqualTo(true)
			.jsonPath("$.userUid")
			.isEqualTo(BERT.toString())
			.jsonPath("$.userCredentials.login")
			.isEqualTo("bert")
			.jsonPath("$.userCredentials.email")
			.isEqualTo("bert@example.org")
			.jsonPath("$.userCredentials.phoneNumber")
			.isEqualTo("+15550100")
			.jsonPath("$.userCredentials.userType")
			.isEqualTo("courier")
			.jsonPath("$.userCredentials.password")
			.doesNotExist();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"login\":\"bert\",\"password\":\"wrong\"}", "{\"login\":\"nobody\",\"password\":\"x\"}",
			"{\"login\":null,\"password\":null}", "{}" })
	void anExpectedRefusalIsAPlainFalse(String body) {
		post("VerifyUserCredentials", body).expectStatus()
			.isOk()
			.expectBody(String.class)
			.isEqualTo("{\"isVerified\":false}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "null", "[]", "\"x\"", "{\"login\":5,\"password\":\"x\"}", "{} {}",
			"{\"login\":\"a\",\"login\":\"b\"}", "{\"login\":{\"a\":1}}", "<html/>" })
	void whatIsMalformedIs400(String body) {
		post("VerifyUserCredentials", body).expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.exceptionMessage")
			.isNotEmpty();
	}

	@Test
	void everythingElseBelowAuthSaysWhatIsWrongToo() {
		failed(post("Nothing", "{}"), 404);
		failed(post("checkuserexistance", "{}"), 404);
		failed(post("CheckUserExistance/", "{}"), 404);
		failed(this.workflowAuth.get().uri("/Auth/CheckUserExistance").exchange(), 405);
		failed(this.workflowAuth.post().uri("/Auth/AddUser/x").exchange(), 404);
		failed(this.workflowAuth.post()
			.uri("/Auth/CheckUserExistance")
			.contentType(MediaType.TEXT_PLAIN)
			.bodyValue("{}")
			.exchange(), 415);
		failed(post("CheckUserExistance", "{\"login\":\"" + "a".repeat(20_000) + "\"}"), 413);
		this.workflowAuth.method(HttpMethod.PUT)
			.uri("/Auth/VerifyUserCredentials")
			.exchange()
			.expectHeader()
			.valueEquals("Allow", "POST");
	}

	@Test
	void onlyAClientWithTheRoleMayCall() {
		failed(client(DATABASE, Accounts.settings(), null).post().uri("/Auth/AddUser").exchange(), 401);
		failed(client(DATABASE, Accounts.settings(), caller("introspect")).post().uri("/Auth/AddUser").exchange(), 403);
	}

	@Test
	void anOldWorkflowAuthMayCallWithoutCredentialsIfItIsSaid() {
		DirectorySettings open = new DirectorySettings(true, false, Duration.ofHours(5), Accounts.settings().hashing());
		client(DATABASE, open, null).post()
			.uri("/Auth/CheckUserExistance")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue("{}")
			.exchange()
			.expectStatus()
			.isOk();
	}

	@Test
	void switchedOffThereIsNothing() {
		DirectorySettings off = new DirectorySettings(false, true, Duration.ofHours(5), Accounts.settings().hashing());
		failed(client(DATABASE, off, caller("directory")).post().uri("/Auth/CheckUserExistance").exchange(), 404);
	}

	@Test
	void whatNoSignUpOfTheGatewaysWaitsForIsStoredOnlySoManyTimesAnHour() {
		String user = "{\"login\":\"%1$s\",\"email\":\"%1$s@example.org\",\"password\":\"correct horse\"}";
		post("AddUser", user.formatted("foreign-1")).expectBody().jsonPath("$.isUserAdded").isEqualTo(true);
		DATABASE.raw().execute("UPDATE auth.sign_up_count SET used = 200");
		failed(post("AddUser", user.formatted("foreign-2")), 429);
		DATABASE.raw()
			.execute("INSERT INTO auth.sign_up (login, login_normalized, contact_kind, contact, user_type, "
					+ "attempts_allowed) VALUES ('wanted', 'wanted', 'email', 'wanted@example.org', 'customer', 5)");
		post("AddUser", user.formatted("wanted")).expectBody().jsonPath("$.isUserAdded").isEqualTo(true);
		DATABASE.raw().execute("DELETE FROM auth.sign_up_count");
	}

	@Test
	void whoGuessesPastTheEdgeHasToWait() {
		DATABASE.raw().execute("DELETE FROM auth.throttle");
		String guess = "{\"login\":\"bert\",\"password\":\"wrong\"}";
		for (int i = 0; i < 6; i++) {
			post("VerifyUserCredentials", guess).expectStatus().isOk();
			DATABASE.raw()
				.execute("UPDATE auth.throttle SET blocked_until = now() + interval '1 h' WHERE failures >= 6");
		}
		failed(post("VerifyUserCredentials", "{\"login\":\"BERT\",\"password\":\"" + PASSWORD + "\"}"), 429);
		DATABASE.raw().execute("DELETE FROM auth.throttle");
	}

	/** One whose threads take nothing more is full whatever the machine does. */
	@Test
	void aFullHashingQueueSaysOverloaded() {
		PasswordHashing full = new PasswordHashing(
				new DirectorySettings(true, true, Duration.ofHours(5),
						new DirectorySettings.Hashing(1, 0, Duration.ofSeconds(2))),
				Accounts.peppers(null), new io.micrometer.core.instrument.simple.SimpleMeterRegistry());
		full.destroy();
		client(DATABASE, Accounts.settings(), caller("directory"), full).post()
			.uri("/Auth/VerifyUserCredentials")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue("{\"login\":\"bert\",\"password\":\"x\"}")
			.exchange()
			.expectStatus()
			.isEqualTo(503)
			.expectHeader()
			.exists("Retry-After")
			.expectBody()
			.jsonPath("$.exceptionMessage")
			.value(String.class,
					(message) -> org.assertj.core.api.Assertions.assertThat(message).startsWith("overloaded"));
	}

	@Test
	void aDatabaseThatIsAwayIsNoWrongPassword() {
		MigratedDatabase away = MigratedDatabase
			.over(new com.deliveryservice.authgateway.testing.TestDatabase("localhost", 1, "none"));
		failed(post(client(away, Accounts.settings(), caller("directory")), "VerifyUserCredentials",
				"{\"login\":\"bert\",\"password\":\"x\"}"), 503);
		away.close();
	}

	private WebTestClient.ResponseSpec post(String operation, String body) {
		return post(this.workflowAuth, operation, body);
	}

	private static WebTestClient.ResponseSpec post(WebTestClient client, String operation, String body) {
		return client.post()
			.uri("/Auth/" + operation)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.exchange();
	}

	private static void failed(WebTestClient.ResponseSpec answer, int status) {
		answer.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.exists("X-Gateway-Error")
			.expectBody()
			.jsonPath("$.exceptionMessage")
			.isNotEmpty();
	}

	private static Principal caller(String role) {
		return new UsernamePasswordAuthenticationToken("workflow-auth", "n/a",
				AuthorityUtils.createAuthorityList(role));
	}

	private static WebTestClient client(MigratedDatabase database, DirectorySettings settings,
			@Nullable Principal caller) {
		return client(database, settings, caller, HASHING);
	}

	private static WebTestClient client(MigratedDatabase database, DirectorySettings settings,
			@Nullable Principal caller, PasswordHashing hashing) {
		AuthBackend backend = new DirectoryFixture(database, hashing).backend;
		AuthBackendEndpoints endpoints = new AuthBackendEndpoints(backend, new CallbackAccess(settings));
		ProblemWriter problems = new ProblemWriter(List.of(new CallbackProblemFormat()));
		HandlerStrategies strategies = HandlerStrategies.builder()
			.exceptionHandler((exchange, failure) -> problems.write(exchange, ((ProblemException) failure).problem()))
			.webFilter((exchange, chain) -> chain.filter(exchange.mutate().principal(Mono.justOrEmpty(caller)).build()))
			.build();
		return WebTestClient.bindToRouterFunction(new AuthBackendRoutes().authBackendRouter(endpoints))
			.handlerStrategies(strategies)
			.build();
	}

}
