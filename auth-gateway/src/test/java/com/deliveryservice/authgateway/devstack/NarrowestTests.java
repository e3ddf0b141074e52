package com.deliveryservice.authgateway.devstack;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A sign-in comes back as a callback while it waits for its own answer: also where there
 * is room for one everywhere, nobody waits for what he holds himself.
 */
class NarrowestTests {

	/** Case 119. */
	@Test
	void withRoomForOneEverywhereTwentySignInsAtOnceDoNotBlockEachOther() {
		try (DevStack narrow = DevStack.startOnFreePorts("--auth-gateway.workflow-auth.max-concurrent=1",
				"--auth-gateway.directory.hashing.permits=1", "--auth-gateway.directory.hashing.queue=0",
				"--spring.r2dbc.pool.max-size=1", "--spring.r2dbc.pool.initial-size=1",
				"--spring.r2dbc.pool.min-idle=1")) {
			App app = new App(narrow);
			List<CompletableFuture<HttpResponse<String>>> asked = IntStream.range(0, 20)
				.mapToObj((n) -> app.signingIn("customer", DemoUsers.PASSWORD))
				.toList();
			List<Integer> told = asked.stream().map(App::answerOf).map(HttpResponse::statusCode).toList();
			assertThat(told).hasSize(20).isSubsetOf(200, 503);
			await().atMost(Duration.ofSeconds(20)).until(() -> app.signIn("customer").statusCode() == 200);
		}
	}

}
