package com.deliveryservice.authgateway.devstack;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import com.deliveryservice.authgateway.testing.TcpProxy;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The database dies under the running gateway: who is signed in notices nothing, who is
 * not is told 503, and all is well again by itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutageTests {

	/** A second, with room for a busy machine. */
	private static final Duration AT_ONCE = Duration.ofSeconds(2);

	private static final Duration RECOVERY = Duration.ofSeconds(20);

	private TcpProxy database;

	private DevStack stack;

	private App app;

	@BeforeAll
	void start() {
		this.database = TcpProxy.to("localhost", TestDatabase.create().port());
		this.stack = DevStack.startOnFreePorts("--dev.database.port=" + this.database.port());
		this.app = new App(this.stack);
	}

	@AfterEach
	void heal() {
		this.database.heal();
		await().atMost(RECOVERY).until(() -> this.app.signIn("customer").statusCode() == 200);
	}

	@AfterAll
	void stop() {
		this.stack.close();
		this.database.close();
	}

	@Test
	void withoutTheDatabaseForwardingGoesOnAndEverythingElseIs503() {
		String token = this.app.tokenOf("customer");
		this.database.goAway();
		assertOnlyForwardingWorks(token);
	}

	@Test
	void aDatabaseThatSwallowsEverythingIsADeadOne() {
		String token = this.app.tokenOf("customer");
		this.database.blackHole();
		assertOnlyForwardingWorks(token);
	}

	@Test
	void aSignOutThatCouldNotBeDoneIsNotReportedAsDoneAndCanBeRepeated() {
		String token = this.app.tokenOf("customer");
		this.database.goAway();
		assertThat(this.app.post("/auth/sign-out", token).statusCode()).isEqualTo(503);
		this.database.heal();
		await().atMost(RECOVERY).until(() -> this.app.post("/auth/sign-out", token).statusCode() == 204);
		assertThat(this.app.get("/api/customer/x", token).statusCode()).isEqualTo(401);
	}

	@Test
	void aTokenThatThisReplicaHasNotSeenYetPassesWithoutTheDatabase() {
		String seenByNobody = this.app.tokenOf("courier");
		this.database.goAway();
		assertThat(this.app.get("/api/courier/x", seenByNobody).statusCode()).isEqualTo(200);
	}

	private void assertOnlyForwardingWorks(String token) {
		HttpResponse<String> signIn = App.answerOf(this.app.signingIn("customer", DemoUsers.PASSWORD)
			.orTimeout(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS));
		assertIsUnavailable(signIn, "auth-service-unavailable");
		HttpResponse<String> me = App
			.answerOf(this.app.getting("/auth/me", token).orTimeout(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS));
		assertIsUnavailable(me, "service-unavailable");
		assertThat(this.app.get("/api/customer/x", token).statusCode()).isEqualTo(200);
	}

	private static void assertIsUnavailable(HttpResponse<String> answer, String code) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
		assertThat(App.code(answer)).isEqualTo(code);
		assertThat(answer.headers().firstValue("Retry-After")).isPresent();
	}

}
