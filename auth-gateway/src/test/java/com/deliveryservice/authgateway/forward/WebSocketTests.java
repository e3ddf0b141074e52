package com.deliveryservice.authgateway.forward;

import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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

	/**
	 * Frames as RFC 6455 §5.7 shows them; those of a client are masked, here with zeros.
	 */
	private static final String FIRST = "\u0081\u0005first";

	private static final String SECOND = "\u0081\u0006second";

	/** With a code of the application's own, and a reason. */
	private static final String CLOSED_4000 = "\u0088\u0005\u000f\u00a0bye";

	private static final String CLOSED_1001 = "\u0088\u0002\u0003\u00e9";

	private static final String CLOSED_1002 = "\u0088\u0002\u0003\u00ea";

	private static final String CLOSED_1008 = "\u0088\u0002\u0003\u00f0";

	private static final String CLOSED_1009 = "\u0088\u0002\u0003\u00f1";

	private static final String CLOSED_1014 = "\u0088\u0002\u0003\u00f6";

	private static final String MASK = "\0\0\0\0";

	private static final String HEAR = "\u0081\u0084" + MASK + "hear";

	private final CapturingOrigin origin = CapturingOrigin.start((connection) -> {
		connection.readRequest();
		connection.write(ACCEPTED + FIRST);
		connection.readUntil("hear");
		connection.write(SECOND);
		connection.readToEnd();
	});

	private final EdgeUnderTest edge = EdgeUnderTest.with("edge.stream-drain", "1s")
		.route("ws", "/ws/**", this.origin.port(), "access.user-types[0]", "customer", "websocket", "true",
				"allowed-origins[0]", "https://shop.example")
		.route("plain", "/plain/**", this.origin.port(), "access.anonymous", "true")
		.start();

	@AfterEach
	void stop() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(5))
			.until(() -> this.edge.inFlight() == 0 && this.edge.streams() == 0);
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
			client.sendExactly(HEAR);
			assertThat(client.readUntil("second")).endsWith(FIRST + SECOND);
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
			connection.write(ACCEPTED + CLOSED_4000);
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(HANDSHAKE + "\n").readToEnd()).endsWith(CLOSED_4000);
		}
	}

	@Test
	void anEndedSessionEndsTheConnectionAndSaysWhy() {
		try (RawClient client = this.edge.client()) {
			client.send(HANDSHAKE + "\n").readUntil("first");
			this.edge.end(EdgeUnderTest.SESSION);
			assertThat(client.readToEnd()).endsWith(FIRST + CLOSED_1008);
		}
		assertThat(closeCodeAtTheOrigin()).isEqualTo(1001);
	}

	@Test
	void aFrameUnderWayIsNeverCutInTwoByOneOfOurs() {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write(ACCEPTED + "\u0081\u0009half");
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			client.send(HANDSHAKE + "\n").readUntil("half");
			this.edge.end(EdgeUnderTest.SESSION);
			assertThat(client.readToEnd()).endsWith("\u0081\u0009half");
		}
	}

	@Test
	void closeCodesPassAsTheyAre() {
		try (RawClient client = this.edge.client()) {
			client.send(HANDSHAKE + "\n").readUntil("first");
			client.sendExactly("\u0088\u0085" + MASK + "\u000f\u00a1" + "end");
			Awaitility.await()
				.atMost(Duration.ofSeconds(5))
				.untilAsserted(() -> assertThat(this.origin.received()).endsWith("\u000f\u00a1end"));
		}
	}

	static List<Arguments> whatNoProperClientSends() {
		return List.of(arguments("unmasked", "\u0081\u0004hear", CLOSED_1002),
				arguments("an unknown opcode", "\u0083\u0080" + MASK, CLOSED_1002),
				arguments("a reserved bit without extension", "\u00c1\u0080" + MASK, CLOSED_1002),
				arguments("a continuation of nothing", "\u0080\u0080" + MASK, CLOSED_1002),
				arguments("a new message inside another", "\u0001\u0080" + MASK + "\u0081\u0080" + MASK, CLOSED_1002),
				arguments("a fragmented ping", "\u0009\u0080" + MASK, CLOSED_1002),
				arguments("a long ping", "\u0089\u00fe\u0000~" + MASK, CLOSED_1002),
				arguments("half a close code", "\u0088\u0081" + MASK + "x", CLOSED_1002),
				arguments("a frame of 64 KiB and a byte", "\u0082\u00ff\0\0\0\0\0\u0001\0\u0001" + MASK, CLOSED_1009),
				arguments("a length over 2^63", "\u0082\u00ff\u00ff\0\0\0\0\0\0\0" + MASK, CLOSED_1002));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("whatNoProperClientSends")
	void whatNoProperClientSendsEndsTheConnectionAndNeverReachesTheBackend(String name, String frame, String answer) {
		try (RawClient client = this.edge.client()) {
			client.send(HANDSHAKE + "\n").readUntil("first");
			client.sendExactly("\u0081\u0083" + MASK + "yes" + frame);
			assertThat(client.readToEnd()).as(name).endsWith(FIRST + answer);
		}
		assertThat(closeCodeAtTheOrigin()).isEqualTo(1001);
		assertThat(this.origin.received()).contains(MASK + "yes");
	}

	@Test
	void aBackendThatBreaksTheProtocolIsABadGateway() {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write(ACCEPTED + FIRST + "\u0081\u0084" + MASK + "hear");
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(HANDSHAKE + "\n").readToEnd()).endsWith(FIRST + CLOSED_1014);
		}
	}

	@Test
	void whatAnExtensionUsesPasses() {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write(ACCEPTED.strip() + "\nSec-WebSocket-Extensions: permessage-deflate\n\n");
			connection.readUntil("deflated");
			connection.write("\u00c1\u0008deflated");
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			client.send(HANDSHAKE + "Sec-WebSocket-Extensions: permessage-deflate\n\n").readUntil("\r\n\r\n");
			client.sendExactly("\u00c1\u0088" + MASK + "deflated");
			assertThat(client.readUntil("deflated")).endsWith("\u00c1\u0008deflated");
		}
	}

	@Test
	void aQuietClientIsPingedAndOneThatDoesNotAnswerIsLeft() {
		try (EdgeUnderTest quick = EdgeUnderTest.with("edge.ping-every", "300ms", "edge.stream-idle", "1s")
			.route("ws", "/ws/**", this.origin.port(), "access.user-types[0]", "customer", "websocket", "true",
					"timeout.idle", "1s")
			.start(); RawClient client = quick.client()) {
			client.send(HANDSHAKE + "\n").readUntil("first");
			String all = client.readToEnd();
			assertThat(all).contains(FIRST + "\u0089\0").endsWith(CLOSED_1001);
		}
	}

	@Test
	void aDrainEndsItAndSaysThatTheGatewayIsGoing() {
		try (RawClient client = this.edge.client()) {
			client.send(HANDSHAKE + "\n").readUntil("first");
			this.edge.drain();
			assertThat(client.readToEnd(Duration.ofSeconds(25))).endsWith(CLOSED_1001);
		}
	}

	/** 1006 if there was none. */
	private int closeCodeAtTheOrigin() {
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.origin.connection().hasEnded());
		String all = this.origin.received();
		int at = all.lastIndexOf("\u0088\u0082");
		if (at < 0 || at + 8 != all.length()) {
			return 1006;
		}
		return ((all.charAt(at + 6) ^ all.charAt(at + 2)) << 8) | (all.charAt(at + 7) ^ all.charAt(at + 3));
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
