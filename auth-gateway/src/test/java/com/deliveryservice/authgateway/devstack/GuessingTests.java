package com.deliveryservice.authgateway.devstack;

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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Guessing at passwords, by every way that leads to one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuessingTests {

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(App.PATIENCE)
		.build();

	private DevStack stack;

	@BeforeAll
	void start() {
		this.stack = DevStack.startOnFreePorts("--auth-gateway.trusted-proxies=127.0.0.1/32,::1/128");
	}

	@AfterAll
	void stop() {
		this.stack.close();
	}

	@BeforeEach
	void forgetFailures() {
		execute("TRUNCATE auth.throttle, auth.throttle_spray, auth.sign_in_under_way");
		this.stack.standIn().behave();
	}

	/** Case 110. */
	@Test
	void twentyWrongPasswordsFromTwentyAddressesSlowTheAccountDownAndLockNobodyOut() {
		for (String login : List.of("courier", "nobody-at-all")) {
			List<Integer> told = new ArrayList<>();
			for (int guess = 1; guess <= 20; guess++) {
				told.add(signIn(login, "guess " + guess, "198.51.100." + guess, null).statusCode());
				waitsAreLong();
			}
			assertThat(told).as(login).startsWith(401, 401, 401, 401, 401, 401, 429, 429).endsWith(429);
		}
		HttpResponse<String> right = signIn("courier", DemoUsers.PASSWORD, "203.0.113.9", null);
		assertThat(right.statusCode()).isEqualTo(429);
		assertThat(App.code(right)).isEqualTo("too-many-attempts");
		assertThat(right.headers().firstValueAsLong("Retry-After")).isPresent();
		waitIsOver();
		assertThat(signIn("courier", DemoUsers.PASSWORD, "203.0.113.9", null).statusCode()).isEqualTo(200);
		assertThat(signIn("courier", "once mistyped", "203.0.113.9", null).statusCode()).as("forgotten").isEqualTo(401);
	}

	@Test
	void thePersonGoesOnMeanwhileOnTheDevicesThatSheHas() {
		String mine = "192.0.2.77";
		var signedIn = App.json(signIn("courier", DemoUsers.PASSWORD, mine, null));
		String device = signedIn.path("device_token").asString();
		guessAt("courier", 12);
		assertThat(signIn("courier", DemoUsers.PASSWORD, mine, null).statusCode()).isEqualTo(429);
		assertThat(signIn("courier", DemoUsers.PASSWORD, mine, device).statusCode()).isEqualTo(200);
		assertThat(signIn("kitchen", DemoUsers.PASSWORD, mine, device).statusCode()).as("bound to one login")
			.isEqualTo(200);
		HttpResponse<String> change = changePassword(signedIn.path("access_token").asString(), "not it");
		assertThat(change.statusCode()).as("told that it is wrong, not to wait").isEqualTo(403);
	}

	@Test
	void aChangeOfThePasswordIsNoWayToGuessAtIt() {
		String token = App.json(signIn("courier", DemoUsers.PASSWORD, "192.0.2.78", null))
			.path("access_token")
			.asString();
		List<Integer> told = new ArrayList<>();
		for (int guess = 0; guess < 7; guess++) {
			told.add(changePassword(token, "guess " + guess).statusCode());
			waitsAreLong();
		}
		assertThat(told).containsExactly(403, 403, 403, 403, 403, 403, 429);
		for (int guess = 7; guess < 12; guess++) {
			waitIsOver();
			assertThat(changePassword(token, "guess " + guess).statusCode()).isEqualTo(403);
		}
		assertThat(failures()).as("the last ones in the lane of everybody").contains(1.0);
	}

	/** Case 111. */
	@Test
	void oneAddressTriesNoMoreThanFortyAccounts() {
		List<Integer> told = new ArrayList<>();
		for (int account = 1; account <= 45; account++) {
			told.add(signIn("sprayed-" + account, "Summer2026", "203.0.113.50", null).statusCode());
		}
		assertThat(told.subList(0, 40)).containsOnly(401);
		assertThat(told.subList(40, 45)).containsOnly(429);
		assertThat(signIn("courier", DemoUsers.PASSWORD, "203.0.113.50", null).statusCode()).isEqualTo(429);
		assertThat(signIn("courier", DemoUsers.PASSWORD, "203.0.113.51", null).statusCode()).isEqualTo(200);
	}

	/** Case 118. */
	@Test
	void whoAsksTheAuthBackendPastTheEdgeIsThrottledToo() {
		for (int guess = 1; guess <= 6; guess++) {
			HttpResponse<String> answer = callback("courier", "guess " + guess);
			assertThat(answer.statusCode()).isEqualTo(200);
			assertThat(answer.body()).isEqualTo("{\"isVerified\":false}");
		}
		waitsAreLong();
		for (String login : List.of("courier", "Courier", "\uFF23ourier")) {
			HttpResponse<String> answer = callback(login, DemoUsers.PASSWORD);
			assertThat(answer.statusCode()).isEqualTo(429);
			assertThat(App.json(answer).path("exceptionMessage").asString()).startsWith("too-many-attempts");
			assertThat(answer.headers().firstValue("Retry-After")).isPresent();
		}
		assertThat(signIn("courier", DemoUsers.PASSWORD, "192.0.2.79", null).statusCode()).isEqualTo(429);
		String told = "SELECT count(*) FROM auth.audit_event WHERE type = 'sign_in_failed' AND detail = "
				+ "'{\"client\":\"workflow-auth\",\"past_the_edge\":\"true\"}' AND user_id = "
				+ "(SELECT id FROM auth.user_account WHERE login = 'courier')";
		await().atMost(App.PATIENCE).untilAsserted(() -> assertThat(column(told)).containsExactly(6.0));
		waitIsOver();
		assertThat(callback("courier", DemoUsers.PASSWORD).body()).contains("\"isVerified\":true");
	}

	@Test
	void aSignInIsCountedOnceAndAGoodOneNever() {
		assertThat(signIn("courier", "mistyped", "192.0.2.80", null).statusCode()).isEqualTo(401);
		assertThat(failures()).as("the account's and the address's").containsExactly(1.0, 1.0);
		assertThat(signIn("courier", DemoUsers.PASSWORD, "192.0.2.80", null).statusCode()).isEqualTo(200);
		assertThat(failures()).as("the address's").containsExactly(1.0);
		assertThat(column("SELECT expected FROM auth.sign_in_under_way")).containsOnly(0.0);
	}

	@Test
	void whatCannotBeToldIsNotCounted() {
		this.stack.standIn().misbehave(Operation.VERIFY_USER_CREDENTIALS, Misbehaviour.refuse(), 2);
		assertThat(signIn("courier", "mistyped", "192.0.2.81", null).statusCode()).isEqualTo(503);
		assertThat(signIn("courier", DemoUsers.PASSWORD, "192.0.2.81", null).statusCode()).isEqualTo(503);
		assertThat(failures()).isEmpty();
		await().atMost(App.PATIENCE)
			.untilAsserted(() -> assertThat(column("SELECT expected FROM auth.sign_in_under_way")).containsOnly(0.0));
	}

	@Test
	void aFloodOfThrottledAttemptsDoesNotFillTheAuditTrail() {
		guessAt("manager", 7);
		for (int guess = 1; guess <= 30; guess++) {
			assertThat(signIn("manager", "guess", "198.51.100." + guess, null).statusCode()).isEqualTo(429);
		}
		String throttled = "SELECT count(*) FROM auth.audit_event WHERE type = 'sign_in_throttled' AND user_id = "
				+ "(SELECT id FROM auth.user_account WHERE login = 'manager')";
		await().atMost(App.PATIENCE).untilAsserted(() -> assertThat(column(throttled)).containsExactly(1.0));
	}

	/** As from everywhere, until the account waits for an hour. */
	private void guessAt(String login, int times) {
		for (int guess = 1; guess <= times; guess++) {
			signIn(login, "guess " + guess, "198.51.100." + guess, null);
			waitIsOver();
		}
		waitsAreLong();
	}

	/** However slow the machine is: whoever has to wait has to wait for an hour. */
	private void waitsAreLong() {
		execute("UPDATE auth.throttle SET blocked_until = now() + interval '1 h' WHERE failures >= 6");
	}

	private void waitIsOver() {
		execute("UPDATE auth.throttle SET blocked_until = '-infinity'");
	}

	private List<Double> failures() {
		return column("SELECT round(failures) FROM auth.throttle");
	}

	private HttpResponse<String> signIn(String login, String password, String address, @Nullable String device) {
		String token = (device != null) ? ",\"device_token\":\"" + device + "\"" : "";
		return send(HttpRequest.newBuilder(URI.create(this.stack.edgeUrl() + "/auth/sign-in"))
			.header("X-Forwarded-For", address)
			.POST(BodyPublishers
				.ofString("{\"login\":\"" + login + "\",\"password\":\"" + password + "\"" + token + "}")));
	}

	private HttpResponse<String> changePassword(String token, String current) {
		return send(HttpRequest.newBuilder(URI.create(this.stack.edgeUrl() + "/auth/password"))
			.header("Authorization", "Bearer " + token)
			.PUT(BodyPublishers
				.ofString("{\"current_password\":\"" + current + "\",\"new_password\":\"wrong zebra socket 7\"}")));
	}

	private HttpResponse<String> callback(String login, String password) {
		String basic = Base64.getEncoder()
			.encodeToString((GatewayProperties.DIRECTORY_CLIENT + ":" + GatewayProperties.DIRECTORY_SECRET)
				.getBytes(StandardCharsets.UTF_8));
		return send(HttpRequest.newBuilder(URI.create(this.stack.internalUrl() + "/Auth/VerifyUserCredentials"))
			.header("Authorization", "Basic " + basic)
			.POST(BodyPublishers.ofString("{\"login\":\"" + login + "\",\"password\":\"" + password + "\"}")));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		return App.answerOf(
				this.http.sendAsync(request.header("Content-Type", "application/json").timeout(App.PATIENCE).build(),
						BodyHandlers.ofString()));
	}

	private void execute(String sql) {
		this.stack.database().execute(sql);
	}

	private List<Double> column(String sql) {
		try (Connection connection = this.stack.database().open();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			List<Double> values = new ArrayList<>();
			while (rows.next()) {
				values.add(rows.getDouble(1));
			}
			return values;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

}
