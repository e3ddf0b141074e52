package com.deliveryservice.authgateway.devstack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many at once: nobody waits for ever, and the excess is told quickly.
 */
class CrowdTests {

	private static final Duration RECOVERY = Duration.ofSeconds(30);

	/**
	 * On a busy machine all of a crowd may come to nothing, by a deadline or the other.
	 */
	private static final int CROWDS = 5;

	private static final Set<String> BOTH = Set.of("200", "overloaded");

	@Test
	void ofTwoHundredSignInsAtOnceTheExcessIsOverloadedAndForwardingGoesOn() {
		try (DevStack stack = DevStack.startOnFreePorts("--auth-gateway.workflow-auth.timeout=6s")) {
			App app = new App(stack);
			warmUp(app);
			String token = app.tokenOf("courier");
			assertThat(app.get("/api/courier/x", token).statusCode()).isEqualTo(200);
			Set<String> outcomes = new HashSet<>();
			for (int crowd = 0; crowd < CROWDS && !outcomes.containsAll(BOTH); crowd++) {
				outcomes.addAll(outcomesOfACrowd(app, token));
				awaitCalm(app);
			}
			assertThat(outcomes).containsAll(BOTH);
			assertThat(metersOf(stack)).as("the edge itself turned some away")
				.containsPattern("auth_gateway_edge_refused_total\\{code=\"overloaded\"[^}]*} [1-9]");
		}
	}

	private static Set<String> outcomesOfACrowd(App app, String token) {
		List<CompletableFuture<HttpResponse<String>>> signIns = Stream
			.generate(() -> app.signingIn("customer", DemoUsers.PASSWORD))
			.limit(200)
			.toList();
		List<HttpResponse<String>> forwarded = together(100, () -> app.getting("/api/courier/x", token));
		assertThat(forwarded).allSatisfy((answer) -> assertThat(answer.statusCode()).isEqualTo(200));
		List<HttpResponse<String>> answers = signIns.stream().map(App::answerOf).toList();
		assertThat(answers).allSatisfy(CrowdTests::isSignedInOrTurnedAway);
		return answers.stream().map(CrowdTests::outcome).collect(toSet());
	}

	/** Also longer than a breaker stays open. */
	private static void awaitCalm(App app) {
		await().atMost(RECOVERY).untilAsserted(() -> {
			HttpResponse<String> answer = app.signIn("customer");
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		});
	}

	/** A gateway that has just been started is slower than what its deadlines expect. */
	private static void warmUp(App app) {
		for (int round = 0; round < 5; round++) {
			together(10, () -> app.signingIn("customer", DemoUsers.PASSWORD));
		}
	}

	private static String outcome(HttpResponse<String> answer) {
		return (answer.statusCode() == 200) ? "200" : App.code(answer);
	}

	private static String metersOf(DevStack stack) {
		HttpRequest asked = HttpRequest.newBuilder(URI.create(stack.internalUrl() + "/actuator/prometheus"))
			.timeout(RECOVERY)
			.build();
		return App.answerOf(HttpClient.newHttpClient().sendAsync(asked, BodyHandlers.ofString())).body();
	}

	private static List<HttpResponse<String>> together(int times,
			Supplier<CompletableFuture<HttpResponse<String>>> call) {
		List<CompletableFuture<HttpResponse<String>>> asked = Stream.generate(call).limit(times).toList();
		return asked.stream().map(App::answerOf).toList();
	}

	private static void isSignedInOrTurnedAway(HttpResponse<String> answer) {
		if (answer.statusCode() != 200) {
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
			assertThat(answer.headers().firstValue("Retry-After")).isPresent();
		}
	}

}
