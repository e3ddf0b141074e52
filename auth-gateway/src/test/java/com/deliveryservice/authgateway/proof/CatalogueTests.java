package com.deliveryservice.authgateway.proof;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

import com.deliveryservice.authgateway.forward.CapturingOrigin;
import com.deliveryservice.authgateway.forward.EdgeUnderTest;

import static org.assertj.core.api.Assertions.assertThat;

/** Each case of the catalogue, against our edge. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogueTests {

	private final CapturingOrigin origin = CapturingOrigin.start(CapturingOrigin.hello());

	private EdgeUnderTest edge;

	private Trial trial;

	@BeforeAll
	void start() throws IOException {
		int dead;
		try (ServerSocket free = new ServerSocket(0)) {
			dead = free.getLocalPort();
		}
		String[] waits = { "timeout.first-byte", "500ms", "timeout.idle", "500ms", "max-body", "1MB" };
		this.edge = EdgeUnderTest
			.with("edge.header-timeout", "500ms", "edge.body-timeout", "500ms", "edge.keep-alive", "1s",
					"edge.write-timeout", "500ms", "edge.stream-idle", "60s", "upstream.breaker-failures", "1000000")
			.route("customer", "/api/customer/**", this.origin.port(), "strip-prefix", "2", "access.user-types[0]",
					"customer")
			.with(waits)
			.route("public", "/public/**", this.origin.port(), "access.anonymous", "true")
			.with(waits)
			.route("manager", "/manager/**", this.origin.port(), "access.user-types[0]", "manager")
			.with(waits)
			.route("ws", "/ws/**", this.origin.port(), "access.user-types[0]", "customer", "websocket", "true",
					"allowed-origins[0]", "https://shop.example")
			.route("dead", "/dead/**", dead, "access.anonymous", "true")
			.start();
		this.trial = new Trial(
				new Subject(this.edge.port(), this.origin, "customer", Duration.ofMillis(500), Duration.ofSeconds(1)));
	}

	@AfterAll
	void stop() {
		this.edge.close();
		this.origin.close();
	}

	@TestFactory
	Stream<DynamicContainer> goesAsExpected() {
		return Catalogue.all()
			.stream()
			.map((one) -> DynamicContainer.dynamicContainer(one.number() + " " + one.title(),
					one.attempts()
						.stream()
						.map((attempt) -> DynamicTest
							.dynamicTest(attempt.name().isEmpty() ? one.expected() : attempt.name(), () -> {
								Case.Outcome outcome = attempt.run(this.trial);
								assertThat(outcome.passed())
									.as("expected: %s; seen: %s", one.expected(), outcome.seen())
									.isTrue();
							}))));
	}

}
