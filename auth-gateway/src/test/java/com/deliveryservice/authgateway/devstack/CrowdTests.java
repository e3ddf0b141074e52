package com.deliveryservice.authgateway.devstack;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many at once: nobody waits for ever, and the excess is told quickly.
 */
class CrowdTests {

	private static final Duration RECOVERY = Duration.ofSeconds(20);

	@Test
	void ofTwoHundredSignInsAtOnceTheExcessIsOverloadedAndForwardingGoesOn() {
		try (DevStack stack = DevStack.startOnFreePorts()) {
			App app = new App(stack);
			String token = app.tokenOf("customer");
			assertThat(app.get("/api/customer/x", token).statusCode()).isEqualTo(200);
			List<CompletableFuture<HttpResponse<String>>> signIns = Stream
				.generate(() -> app.signingIn("customer", DemoUsers.PASSWORD))
				.limit(200)
				.toList();
			List<HttpResponse<String>> forwarded = together(100, () -> app.getting("/api/customer/x", token));
			assertThat(forwarded).allSatisfy((answer) -> assertThat(answer.statusCode()).isEqualTo(200));
			List<HttpResponse<String>> answers = signIns.stream().map(App::answerOf).toList();
			assertThat(answers).allSatisfy(CrowdTests::isSignedInOrTurnedAway);
			assertThat(answers).anyMatch((answer) -> App.code(answer).equals("overloaded"));
			assertThat(answers).anyMatch((answer) -> answer.statusCode() == 200);
			await().atMost(RECOVERY).untilAsserted(() -> {
				HttpResponse<String> answer = app.signIn("customer");
				assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
			});
		}
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
