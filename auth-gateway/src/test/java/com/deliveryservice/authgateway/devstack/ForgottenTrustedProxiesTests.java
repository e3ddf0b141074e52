package com.deliveryservice.authgateway.devstack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An ingress stands before the gateway and {@code trusted-proxies} was forgotten: then
 * everybody has the ingress's address, and its throttle.
 */
@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgottenTrustedProxiesTests {

	private DevStack stack;

	@BeforeAll
	void start() {
		this.stack = DevStack.startOnFreePorts();
	}

	@AfterAll
	void stop() {
		this.stack.close();
	}

	@Test
	void itIsWarnedOfOnceAndCountedAtEachRequestOfEitherLane(CapturedOutput output) {
		double before = ignored();
		for (String login : new String[] { "sprayed-1", "sprayed-2" }) {
			assertThat(send("/auth/sign-in", "203.0.113.9",
					BodyPublishers.ofString("{\"login\":\"" + login + "\",\"password\":\"guess\"}"))
				.statusCode()).isEqualTo(401);
		}
		assertThat(send("/api/customer/x", "203.0.113.10", BodyPublishers.noBody()).statusCode()).isEqualTo(401);
		assertThat(ignored() - before).isEqualTo(3);
		assertThat(output).containsOnlyOnce("X-Forwarded-For came and is ignored");
	}

	private double ignored() {
		return this.stack.gateway()
			.getBean(MeterRegistry.class)
			.get("auth_gateway.edge.untrusted_forwarded_for")
			.counter()
			.count();
	}

	private HttpResponse<String> send(String path, String address, HttpRequest.BodyPublisher body) {
		return App.answerOf(HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(URI.create(this.stack.edgeUrl() + path))
				.header("X-Forwarded-For", address)
				.header("Content-Type", "application/json")
				.POST(body)
				.timeout(App.PATIENCE)
				.build(), BodyHandlers.ofString()));
	}

}
