package com.deliveryservice.authgateway.devstack;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sessions over two replicas that share nothing but PostgreSQL: what a race, a cut line
 * or a restart must not break.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicasIT {

	/** A second, with room for a busy machine. */
	private static final Duration NOTIFIED_WITHIN = Duration.ofSeconds(2);

	private static final Duration POLLED_WITHIN = Replicas.POLL_EVERY.plus(NOTIFIED_WITHIN);

	private static final Duration RECOVERY = Duration.ofSeconds(20);

	/** The client's word on the one connection of a replica that listens. */
	private static final String LISTEN = "LISTEN auth_";

	/** Holds a refresh between "used" and its commit, for less than any timeout. */
	private static final String SLOW_COMMIT = """
			CREATE FUNCTION auth.slow() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN PERFORM pg_sleep(0.6); RETURN NULL; END $$;
			CREATE TRIGGER slow AFTER UPDATE ON auth.refresh_token FOR EACH STATEMENT EXECUTE FUNCTION auth.slow()""";

	private static final int RACES = 25;

	private final Replicas replicas = new Replicas();

	private App a;

	private App b;

	@BeforeAll
	void connect() {
		this.a = this.replicas.a();
		this.b = this.replicas.b();
	}

	/** Each connection that broke may cost one request more. */
	@AfterEach
	void heal() {
		this.replicas.databaseOfA().heal();
		this.replicas.databaseOfB().heal();
		for (App replica : List.of(this.a, this.b)) {
			await().atMost(RECOVERY).until(() -> refreshesAtOnce(replica).noneMatch((status) -> status == 503));
		}
	}

	@AfterAll
	void stop() {
		this.replicas.close();
	}

	@Test
	void fiftyRefreshesOfOneTokenAtOnceOnTwoReplicasLeaveOneSuccessorAndNobodyIsSignedOut() {
		JsonNode signedIn = this.replicas.signIn();
		String token = refreshToken(signedIn);
		List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
		for (int i = 0; i < 25; i++) {
			asked.add(this.a.refreshing(token));
			asked.add(this.b.refreshing(token));
		}
		List<HttpResponse<String>> answers = asked.stream().map(App::answerOf).toList();
		assertThat(answers).extracting(HttpResponse::statusCode).contains(200).isSubsetOf(200, 429, 503);
		Set<String> successors = answers.stream()
			.filter((answer) -> answer.statusCode() == 200)
			.map((answer) -> refreshToken(App.json(answer)))
			.collect(Collectors.toSet());
		assertThat(successors).hasSize(1).doesNotContain(token);
		assertThat(tokensOf(signedIn)).isEqualTo(2);
		String successor = successors.iterator().next();
		await().atMost(RECOVERY).until(() -> this.b.refresh(successor).statusCode() == 200);
	}

	@Test
	void refreshAgainstSignOutNeverLeavesALiveChain() {
		for (int race = 0; race < RACES; race++) {
			JsonNode signedIn = this.replicas.signIn();
			boolean refreshFirst = race % 2 == 0;
			CompletableFuture<HttpResponse<String>> early = refreshFirst ? this.b.refreshing(refreshToken(signedIn))
					: null;
			CompletableFuture<HttpResponse<String>> signOut = this.a.posting("/auth/sign-out", accessToken(signedIn));
			HttpResponse<String> refreshed = App
				.answerOf((early != null) ? early : this.b.refreshing(refreshToken(signedIn)));
			assertThat(App.answerOf(signOut).statusCode()).isEqualTo(204);
			assertThat(refreshed.statusCode()).isIn(200, 400, 503);
			assertThat(liveSessions(signedIn)).isZero();
			assertThat(this.a.refresh(refreshToken(signedIn)).statusCode()).isEqualTo(400);
			if (refreshed.statusCode() == 200) {
				JsonNode renewed = App.json(refreshed);
				assertThat(this.b.refresh(refreshToken(renewed)).statusCode()).isEqualTo(400);
				assertThat(this.a.get("/api/customer/x", accessToken(renewed)).statusCode()).isEqualTo(401);
			}
		}
	}

	@Test
	void aDatabaseCutBetweenUsedAndCommitIs503AndTheTokenIsStillGood() {
		JsonNode signedIn = this.replicas.signIn();
		String token = refreshToken(signedIn);
		this.replicas.database().execute(SLOW_COMMIT);
		try {
			CompletableFuture<HttpResponse<String>> refresh = this.a.refreshing(token);
			await().atMost(RECOVERY)
				.pollInterval(Duration.ofMillis(5))
				.until(() -> count("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") > 0);
			this.replicas.databaseOfA().reset();
			HttpResponse<String> answer = App.answerOf(refresh);
			assertThat(answer.statusCode()).isEqualTo(503);
			assertThat(answer.body()).isEqualTo("{\"error\":\"temporarily_unavailable\"}");
			assertThat(answer.headers().firstValue("Retry-After")).isPresent();
		}
		finally {
			this.replicas.database().execute("DROP FUNCTION auth.slow() CASCADE");
		}
		HttpResponse<String> again = this.b.refresh(token);
		assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
		assertThat(tokensOf(signedIn)).isEqualTo(2);
		assertThat(this.b.refresh(refreshToken(App.json(again))).statusCode()).isEqualTo(200);
	}

	@Test
	void aReplayIsStillOneAfterBothReplicasRestarted() throws InterruptedException {
		JsonNode signedIn = this.replicas.signIn();
		String second = refreshToken(App.json(this.a.refresh(refreshToken(signedIn))));
		JsonNode third = App.json(this.b.refresh(second));
		this.replicas.restart();
		connect();
		assertThat(this.b.get("/api/customer/x", accessToken(third)).statusCode()).isEqualTo(200);
		assertThat(this.a.refresh(refreshToken(signedIn)).statusCode()).isEqualTo(400);
		assertThat(liveSessions(signedIn)).isZero();
		assertThat(this.b.refresh(refreshToken(third)).statusCode()).isEqualTo(400);
		await().atMost(NOTIFIED_WITHIN)
			.until(() -> this.b.get("/api/customer/x", accessToken(third)).statusCode() == 401);
	}

	@Test
	void aSignOutOnOneReplicaIsKnownToTheOtherWithinASecond() {
		String token = accessToken(this.replicas.signIn());
		assertThat(this.b.get("/api/customer/x", token).statusCode()).isEqualTo(200);
		assertThat(this.a.post("/auth/sign-out", token).statusCode()).isEqualTo(204);
		assertThat(this.a.get("/api/customer/x", token).statusCode()).isEqualTo(401);
		await().atMost(NOTIFIED_WITHIN)
			.pollInterval(Duration.ofMillis(20))
			.until(() -> this.b.get("/api/customer/x", token).statusCode() == 401);
	}

	@Test
	void whoIsSuspendedOnOneReplicaIsCutOffOnTheOtherWithinASecond() throws Exception {
		String admin = this.replicas.admin();
		JsonNode signedIn = this.replicas.signIn();
		String user = "/auth/users/" + signedIn.path("user").path("id").asString();
		CompletableFuture<Integer> closed = this.b.openingWebSocket("/api/customer/ws", accessToken(signedIn));
		assertThat(closed).isNotDone();
		assertThat(App.answerOf(this.a.patching(user, "{\"status\":\"suspended\"}", admin)).statusCode())
			.isEqualTo(200);
		assertThat(closed).succeedsWithin(NOTIFIED_WITHIN).isEqualTo(1008);
		assertThat(this.b.get("/api/customer/x", accessToken(signedIn)).statusCode()).isEqualTo(401);
		assertThat(this.b.refresh(refreshToken(signedIn)).statusCode()).isEqualTo(400);
		assertThat(App.answerOf(this.b.patching(user, "{\"status\":\"active\"}", admin)).statusCode()).isEqualTo(200);
	}

	@Test
	void guessesOnTwoReplicasAreCountedTogether() {
		List<Integer> told = new ArrayList<>();
		for (int guess = 0; guess < 8; guess++) {
			App replica = (guess % 2 == 0) ? this.a : this.b;
			told.add(App.answerOf(replica.signingIn("nobody-at-all", "guess " + guess)).statusCode());
			this.replicas.database()
				.execute("UPDATE auth.throttle SET blocked_until = now() + interval '1 h' WHERE failures = 6");
		}
		assertThat(told).containsExactly(401, 401, 401, 401, 401, 401, 429, 429);
	}

	@Test
	void withoutItsNotificationsTheOtherLearnsOfASignOutByTheNextPoll() {
		String token = accessToken(this.replicas.signIn());
		assertThat(this.b.get("/api/customer/x", token).statusCode()).isEqualTo(200);
		assertThat(this.replicas.databaseOfB().blackHoleFor(LISTEN)).isOne();
		assertThat(this.a.post("/auth/sign-out", token).statusCode()).isEqualTo(204);
		await().atMost(POLLED_WITHIN)
			.pollInterval(Duration.ofMillis(50))
			.until(() -> this.b.get("/api/customer/x", token).statusCode() == 401);
	}

	@Test
	void throughADatabaseOutageAccessTokensGoOnAndRefreshTokensStayGood() {
		JsonNode signedIn = this.replicas.signIn();
		this.replicas.databaseOfA().goAway();
		this.replicas.databaseOfB().goAway();
		for (App replica : List.of(this.a, this.b)) {
			assertThat(replica.get("/api/customer/x", accessToken(signedIn)).statusCode()).isEqualTo(200);
			assertThat(replica.refresh(refreshToken(signedIn)).statusCode()).isEqualTo(503);
		}
		this.replicas.databaseOfA().heal();
		this.replicas.databaseOfB().heal();
		await().atMost(RECOVERY).until(() -> this.b.refresh(refreshToken(signedIn)).statusCode() == 200);
		assertThat(this.a.get("/api/customer/x", accessToken(signedIn)).statusCode()).isEqualTo(200);
	}

	/** As many as the pool has connections, of a token that nobody was given. */
	private static IntStream refreshesAtOnce(App replica) {
		List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			asked.add(replica.refreshing("o".repeat(43)));
		}
		return asked.stream().map(App::answerOf).mapToInt(HttpResponse::statusCode);
	}

	private static String accessToken(JsonNode tokens) {
		return tokens.path("access_token").asString();
	}

	private static String refreshToken(JsonNode tokens) {
		return tokens.path("refresh_token").asString();
	}

	private long tokensOf(JsonNode tokens) {
		return count("SELECT count(*) FROM auth.refresh_token WHERE session_id = '"
				+ tokens.path("session_id").asString() + "'");
	}

	private long liveSessions(JsonNode tokens) {
		return count("SELECT count(*) FROM auth.session WHERE ended_at IS NULL AND id = '"
				+ tokens.path("session_id").asString() + "'");
	}

	private long count(String sql) {
		try (Connection connection = this.replicas.database().open();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getLong(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

}
