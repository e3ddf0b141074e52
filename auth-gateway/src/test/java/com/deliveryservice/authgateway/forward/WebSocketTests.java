package com.deliveryservice.authgateway.forward;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Upgrades: only on routes that say so, and only proper ones. */
class WebSocketTests {

	private static final String HANDSHAKE = """
			GET /ws/x HTTP/1.1
			Host: a
			Authorization: Bearer customer
			Connection: keep-alive, Upgrade
			Upgrade: websocket
			Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
			Sec-WebSocket-Version: 13
			""";

	private static final String ACCEPTED = """
			HTTP/1.1 101 Switching Protocols
			Connection: Upgrade
			Upgrade: websocket
			Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

			""";

	private final CapturingOrigin origin = CapturingOrigin.start((connection) -> {
		connection.readRequest();
		connection.write(ACCEPTED + "first");
		connection.readUntil("ping");
		connection.write("pong");
		connection.readToEnd();
	});

	private final EdgeUnderTest edge = EdgeUnderTest.with()
		.route("ws", "/ws/**", this.origin.port(), "access.user-types[0]", "customer", "websocket", "true",
				"allowed-origins[0]", "https://shop.example")
		.route("plain", "/plain/**", this.origin.port(), "access.anonymous", "true")
		.start();

	@AfterEach
	void stop() {
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.inFlight() == 0);
		this.edge.close();
		this.origin.close();
	}

	@Test
	void bytesPassBothWaysAfterTheHandshakeAndTheBackendIsLeftWithTheClient() {
		try (RawClient client = this.edge.client()) {
			client.send(HANDSHAKE + "Origin: https://shop.example\n\n");
			assertThat(client.readUntil("first")).startsWith("HTTP/1.1 101 Switching Protocols\r\n")
				.contains("\r\nConnection: Upgrade\r\n")
				.contains("Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
			client.sendExactly("ping");
			assertThat(client.readUntil("pong")).endsWith("firstpong");
		}
		Awaitility.await().atMost(Duration.ofSeconds(1)).until(() -> this.origin.connection().hasEnded());
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.upstreamConnections() == 0);
		assertThat(this.origin.received()).contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
			.contains("X-Auth-User-Type: customer")
			.doesNotContain("Bearer");
	}

	@Test
	void theClientIsLeftWithTheBackend() {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write(ACCEPTED + "bye");
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(HANDSHAKE + "\n").readToEnd()).endsWith("bye");
		}
	}

	@Test
	void anEndedSessionEndsTheConnection() {
		try (RawClient client = this.edge.client()) {
			client.send(HANDSHAKE + "\n").readUntil("first");
			this.edge.end(EdgeUnderTest.SESSION);
			assertThat(client.readToEnd()).endsWith("first");
		}
	}

	@ParameterizedTest
	@CsvSource({ "Version: 13, Version: 8, 426", "'keep-alive, Upgrade', keep-alive, 400", "GET, POST, 400",
			"dGhlIHNhbXBsZSBub25jZQ==, short, 400", "'Bearer customer', 'Bearer manager', 403",
			"Authorization: Bearer customer, X: y, 401" })
	void anImproperHandshakeIsRefused(String right, String wrong, String status) {
		assertThat(this.edge.exchange(HANDSHAKE.replace(right, wrong) + "Connection: close\n\n"))
			.startsWith("HTTP/1.1 " + status + " ");
		assertThat(this.origin.connections()).isEmpty();
	}

	@Test
	void aForeignOriginIsForbidden() {
		assertThat(this.edge.exchange(HANDSHAKE + "Origin: https://evil.example\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 403 ");
	}

	@Test
	void theTokenInTheQueryIsNone() {
		assertThat(this.edge
			.exchange(HANDSHAKE.replace("/ws/x", "/ws/x?access_token=customer").replace("Authorization", "X-Other")
					+ "Connection: close\n\n"))
			.startsWith("HTTP/1.1 401 ");
	}

	@Test
	void onOtherRoutesTheUpgradeIsIgnored() {
		this.origin.script(CapturingOrigin.hello());
		assertThat(this.edge.exchange(HANDSHAKE.replace("/ws/x", "/plain/x") + "Connection: close\n\n"))
			.startsWith("HTTP/1.1 200 ");
		assertThat(this.origin.received()).doesNotContain("Upgrade:");
	}

	@Test
	void aBackendThatAcceptsSomethingElseIsABadGateway() {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write(ACCEPTED.replace("s3pPLMBi", "AAAAAAAA"));
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(HANDSHAKE + "\n").readAnswer()).startsWith("HTTP/1.1 502 ");
		}
	}

	@Test
	void aBackendMayAnswerPlainly() {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 400 Bad Request\nContent-Length: 2\nConnection: close\n\nno");
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(HANDSHAKE + "\n").readAnswer()).startsWith("HTTP/1.1 400 ").endsWith("no");
		}
	}

}
