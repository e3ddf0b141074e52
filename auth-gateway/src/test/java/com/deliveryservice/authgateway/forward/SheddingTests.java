package com.deliveryservice.authgateway.forward;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sign-ins for which there is no room are told so by the edge itself, for next to
 * nothing.
 */
class SheddingTests {

	private static final String SIGN_IN = "POST /auth/sign-in HTTP/1.1\nHost: a\nContent-Type: application/json\n";

	private static final String NEXT = "GET /auth/sessions HTTP/1.1\nHost: a\nConnection: close\n\n";

	private final CapturingOrigin origin = CapturingOrigin.start(CapturingOrigin.hello());

	private final EdgeUnderTest edge = EdgeUnderTest.to(this.origin).start();

	@AfterEach
	void stop() {
		this.edge.close();
		this.origin.close();
	}

	@Test
	void aSignInWithoutRoomIsOverloadedAndItsConnectionServesOn() {
		this.edge.noRoomForSignIns = true;
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(SIGN_IN + "Content-Length: 2\n\n{}").readAnswer()).startsWith("HTTP/1.1 503 ")
				.contains("\r\nRetry-After: 2\r\n")
				.contains("\r\nX-Gateway-Error: overloaded\r\n")
				.doesNotContain("Connection: close");
			assertThat(client.send(NEXT).readToEnd()).contains("HTTP/1.1 200 ").endsWith("api");
		}
	}

	@Test
	void aBodyThatComesLaterBelongsToTheRefusedRequest() {
		this.edge.noRoomForSignIns = true;
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(SIGN_IN + "Content-Length: 27\n\n").readAnswer()).startsWith("HTTP/1.1 503 ");
			client.sendExactly("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
			assertThat(client.send(NEXT).readToEnd()).doesNotContain("HTTP/1.1 404").endsWith("api");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 16385\n\n", "Transfer-Encoding: chunked\n\n",
			"Content-Length: 2\nExpect: 100-continue\n\n" })
	void aBodyThatNobodyWantsToWaitForEndsTheConnection(String rest) {
		this.edge.noRoomForSignIns = true;
		assertThat(this.edge.exchange(SIGN_IN + rest)).startsWith("HTTP/1.1 503 ")
			.contains("\r\nConnection: close\r\n")
			.contains("\r\nX-Gateway-Error: overloaded\r\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/auth/sign%2Din", "/auth/%73ign-in", "/auth/sign-in?x=1" })
	void howeverItIsWrittenItIsASignIn(String target) {
		this.edge.noRoomForSignIns = true;
		assertThat(this.edge.exchange("POST " + target + " HTTP/1.1\nHost: a\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 503 ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /auth/sign-in", "POST /auth/sign-in/", "POST /auth/sign-up", "POST /oauth2/token" })
	void everythingElseIsTheApiLanesToDecide(String asked) {
		this.edge.noRoomForSignIns = true;
		assertThat(this.edge.exchange(asked + " HTTP/1.1\nHost: a\nConnection: close\n\n")).endsWith("api");
	}

	@Test
	void withRoomTheApiLaneServesIt() {
		assertThat(this.edge.exchange(SIGN_IN + "Connection: close\nContent-Length: 2\n\n{}")).endsWith("api");
	}

}
