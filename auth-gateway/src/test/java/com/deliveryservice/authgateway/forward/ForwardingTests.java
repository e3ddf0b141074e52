package com.deliveryservice.authgateway.forward;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ForwardingTests {

	private final CapturingOrigin origin = CapturingOrigin.start(CapturingOrigin.hello());

	private final EdgeUnderTest edge = EdgeUnderTest.to(this.origin).start();

	@AfterEach
	void stop() {
		this.edge.close();
		this.origin.close();
	}

	@Test
	void anAdmittedRequestReachesTheBackendAndItsAnswerTheClient() {
		String answer = this.edge.exchange("""
				GET /api/customer/orders?a=1&a=%2F HTTP/1.1
				Host: shop.example
				Authorization: Bearer customer
				Connection: close

				""");
		assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nhello").contains("X-Request-Id: ");
		assertThat(this.origin.received()).startsWith("GET /orders?a=1&a=%2F HTTP/1.1\r\n")
			.contains("\r\nX-Auth-User-Type: customer\r\n")
			.contains("\r\nX-Auth-Assertion: assertion-for-customer\r\n")
			.contains("\r\nX-Forwarded-For: 127.0.0.1\r\n")
			.contains("\r\nX-Forwarded-Host: shop.example\r\n")
			.contains("\r\nX-Forwarded-Prefix: /api/customer\r\n")
			.contains("\r\nVia: 1.1 auth-gateway\r\n")
			.contains("\r\nHost: 127.0.0.1:" + this.origin.port() + "\r\n")
			.doesNotContain("Authorization")
			.doesNotContain("Connection");
	}

	@Test
	void aConnectionServesManyRequestsOfBothLanes() {
		try (RawClient client = this.edge.client()) {
			for (int i = 0; i < 5; i++) {
				client.send("GET /api/customer/" + i + " HTTP/1.1\nHost: a\nAuthorization: Bearer customer\n\n");
				assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("hello");
				client.send("GET /auth/me HTTP/1.1\nHost: a\n\n");
				assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("api");
			}
		}
		assertThat(this.origin.connections()).hasSize(1);
	}

	@Test
	void pipelinedRequestsAreAnsweredInOrder() {
		StringBuilder requests = new StringBuilder();
		for (int i = 0; i < 20; i++) {
			requests.append("GET /api/customer/")
				.append(i)
				.append(" HTTP/1.1\nHost: a\nAuthorization: Bearer customer\n");
			requests.append((i == 19) ? "Connection: close\n\n" : "\n");
		}
		String answers = this.edge.exchange(requests.toString());
		assertThat(answers.split("hello", -1)).hasSize(21);
		String received = this.origin.received();
		for (int i = 1; i < 20; i++) {
			assertThat(received.indexOf("GET /" + i + " ")).isGreaterThan(received.indexOf("GET /" + (i - 1) + " "));
		}
	}

	@Test
	void bodiesPassByteForByteByLengthAndByChunks() {
		String byLength = this.edge.exchange("""
				POST /api/customer/orders HTTP/1.1
				Host: a
				Authorization: Bearer customer
				Content-Length: 11
				Connection: close

				hello world""");
		assertThat(byLength).startsWith("HTTP/1.1 200 OK\r\n");
		assertThat(this.origin.connection(0).received()).contains("\r\nContent-Length: 11\r\n").endsWith("hello world");
		this.edge.exchange("""
				POST /api/customer/orders HTTP/1.1
				Host: a
				Authorization: Bearer customer
				Transfer-Encoding: chunked
				Connection: close

				5
				hello
				6;x=y
				 world
				0
				X-Auth-User-Id: 1
				Authorization: x

				""");
		assertThat(this.origin.received()).contains("\r\nTransfer-Encoding: chunked\r\n")
			.endsWith("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
	}

	@Test
	void largeBodiesPassWholeThoughTheReaderPauses() throws Exception {
		int size = 30 * 1024 * 1024;
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Length: " + size + "\n\n");
			connection.write(new byte[size]);
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			client.send("GET /public/x HTTP/1.1\nHost: a\n\n").readUntil("\r\n\r\n");
			// meanwhile the backend is held back by what fills the sockets
			assertThat(client.drain(size, 1024 * 1024)).isEqualTo(size);
		}
	}

	@Test
	void largeUploadsPassWholeThoughTheBackendPauses() {
		int size = 9 * 1024 * 1024;
		this.origin.script((connection) -> {
			connection.readUntil("\r\n\r\n");
			Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> true);
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			client.send("POST /public/x HTTP/1.1\nHost: a\nContent-Length: " + size + "\n\n").sendBytes(new byte[size]);
			assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("ok");
		}
		String received = this.origin.received();
		assertThat(received.length() - received.indexOf("\r\n\r\n") - 4).isEqualTo(size);
	}

}
