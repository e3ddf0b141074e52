package com.deliveryservice.authgateway.forward;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.HttpHandler;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** The API lane's requests, on the connections that the forward lane guards. */
@SuppressWarnings("StringConcatToTextBlock")
class ApiLaneEdgeTests {

	/** Answers the client's address, the request's id, and the body's length. */
	private static final HttpHandler LENGTH = (request, response) -> DataBufferUtils.join(request.getBody())
		.map((buffer) -> {
			int length = buffer.readableByteCount();
			DataBufferUtils.release(buffer);
			return length;
		})
		.defaultIfEmpty(0)
		.flatMap((length) -> {
			String text = "address=" + String.valueOf(request.getRemoteAddress()).replaceAll("^.*?/|:\\d+$", "")
					+ " id=" + request.getHeaders().getFirst("X-Request-Id") + " length=" + length;
			return response
				.writeWith(Mono.just(response.bufferFactory().wrap(text.getBytes(StandardCharsets.US_ASCII))));
		});

	/** Answers without looking at the body. */
	private static final HttpHandler EARLY = (request, response) -> response
		.writeWith(Mono.just(response.bufferFactory().wrap("early".getBytes(StandardCharsets.US_ASCII))));

	private final EdgeUnderTest edge = EdgeUnderTest.with("trusted-proxies[0]", "127.0.0.1", "edge.body-timeout", "1s")
		.start(LENGTH);

	@AfterEach
	void stop() {
		this.edge.close();
	}

	@Test
	void bodiesReachItHoweverTheyAreSentAndTheConnectionIsKept() {
		try (RawClient client = this.edge.client()) {
			client.send("POST /auth/sign-in HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello");
			assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("length=5");
			client.send("POST /oauth2/token HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n");
			assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("length=5");
			client.send("POST /auth/sign-in HTTP/1.1\nHost: a\nContent-Length: 300000\n\n").sendBytes(new byte[300000]);
			assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("length=300000");
			client.send("POST /auth/sign-in HTTP/1.1\nHost: a\nContent-Length: 5\n\nhe");
			client.send("llo");
			assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("length=5");
		}
	}

	@Test
	void anEarlyAnswerIsReadWhileTheBodyIsStillBeingSent() {
		try (EdgeUnderTest early = EdgeUnderTest.with().start(EARLY)) {
			for (int round = 0; round < 20; round++) {
				try (RawClient client = early.client()) {
					client.send("POST /auth/sign-in HTTP/1.1\nHost: a\nContent-Length: 1048576\n\n");
					for (int i = 0; i < 16; i++) {
						client.sendBytes(new byte[65536]);
					}
					assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ")
						.containsIgnoringCase("connection: close")
						.endsWith("early");
					assertThat(client.wasReset()).isFalse();
				}
			}
		}
	}

	@Test
	void itIsAskedToContinueWhenTheBodyIsWanted() {
		try (RawClient client = this.edge.client()) {
			client.send("POST /auth/sign-in HTTP/1.1\nHost: a\nContent-Length: 5\nExpect: 100-continue\n\n");
			assertThat(client.readUntil("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
			client.forget();
			assertThat(client.sendExactly("hello").readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("length=5");
		}
	}

	@Test
	void itSeesTheClientsAddressAndTheRequestsIdAndItsAnswersCarryTheUsualHeaders() {
		String answer = this.edge.exchange("""
				GET /.well-known/jwks.json HTTP/1.1
				Host: a
				X-Forwarded-For: 203.0.113.7
				X-Request-Id: from-the-ingress
				Connection: close

				""");
		assertThat(answer).contains("address=203.0.113.7 id=from-the-ingress")
			.contains("X-Request-Id: from-the-ingress\r\n")
			.contains("X-Content-Type-Options: nosniff\r\n")
			.contains("Content-Security-Policy: frame-ancestors 'none'\r\n")
			.contains("Strict-Transport-Security: max-age=31536000\r\n")
			.contains("Cache-Control: no-store\r\n");
	}

	@Test
	void pipelinedRequestsOfItAreAnsweredInOrder() {
		String answers = this.edge.exchange("POST /auth/a HTTP/1.1\nHost: a\nContent-Length: 1\n\nx"
				+ "POST /auth/b HTTP/1.1\nHost: a\nContent-Length: 2\n\nxx" + "GET /nowhere HTTP/1.1\nHost: a\n\n"
				+ "POST /auth/c HTTP/1.1\nHost: a\nContent-Length: 3\nConnection: close\n\nxxx");
		assertThat(answers).containsSubsequence("length=1", "length=2", "404", "length=3");
	}

	@Test
	void aBodyThatStopsIsATimeout() {
		try (RawClient client = this.edge.client()) {
			client.send("POST /auth/sign-in HTTP/1.1\nHost: a\nContent-Length: 5\n\nhe");
			assertThat(client.readToEnd()).startsWith("HTTP/1.1 408 ").contains("X-Gateway-Error: request-timeout");
		}
	}

	@Test
	void anAnswerBeforeTheBodyEndsTheConnection() {
		try (EdgeUnderTest early = EdgeUnderTest.with().start(EARLY); RawClient client = early.client()) {
			client.send("POST /auth/sign-in HTTP/1.1\nHost: a\nContent-Length: 500000\n\nGET / HTTP/1.1\n\n");
			assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ")
				.containsIgnoringCase("connection: close")
				.endsWith("early")
				.containsOnlyOnce("HTTP/1.1 ");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST /oauth2/token HTTP/1.1\nHost: a\nAuthorization: x\nAuthorization: x\n\n",
			"POST /oauth2/../token HTTP/1.1\nHost: a\n\n", "POST /oauth2/revoke HTTP/1.1\nHost : a\n\n",
			"GET /oauth2/introspect HTTP/1.1\nHost: a\nConnection: close\n\n",
			"POST /oauth2/token HTTP/1.1\nHost: a\nContent-Length: x\n\n",
			"POST /oauth2/token HTTP/1.1\nHost: a\nContent-Length: 9\n\nhe" })
	void whatTheGuardRefusesOnOAuthsPathsIsAnErrorOfOAuth(String request) {
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(request).readToEnd()).startsWith("HTTP/1.1 4")
				.contains("Content-Type: application/json\r\n")
				.contains("X-Gateway-Error: ")
				.endsWith("{\"error\":\"invalid_request\"}");
		}
	}

	@Test
	void headAnswersHaveNoBody() {
		try (RawClient client = this.edge.client()) {
			client.send("HEAD /auth/me HTTP/1.1\nHost: a\n\nGET /auth/me HTTP/1.1\nHost: a\nConnection: close\n\n");
			assertThat(client.readToEnd().split("length=0", -1)).hasSize(2);
		}
	}

}
