package com.deliveryservice.authgateway.forward;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Locale;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.deliveryservice.authgateway.forward.CapturingOrigin.Connection;
import com.deliveryservice.authgateway.testing.LeakWatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/** Section I of the security bar: faults of the backend, each by FIN and by RST. */
@SuppressWarnings("StringConcatToTextBlock")
class UpstreamFaultTests {

	private static final String GET = "GET /public/x HTTP/1.1\nHost: a\n\n";

	private static final String POST = "POST /public/x HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello";

	private static final String UPLOAD = "POST /public/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nhello\n";

	private final CapturingOrigin origin = CapturingOrigin.start(CapturingOrigin.hello());

	private final EdgeUnderTest edge = EdgeUnderTest
		.with("edge.body-timeout", "1s", "edge.header-timeout", "1s", "edge.keep-alive", "3s", "edge.write-timeout",
				"1s")
		.route("public", "/public/**", this.origin.port(), "access.anonymous", "true", "timeout.first-byte", "1s",
				"timeout.idle", "1s", "max-body", "1MB")
		.start();

	@AfterEach
	void stop() {
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.inFlight() == 0);
		this.edge.close();
		this.origin.close();
	}

	enum End {

		FIN, RST;

		void of(Connection connection) throws IOException {
			if (this == FIN) {
				connection.finish();
			}
			else {
				connection.reset();
			}
		}

	}

	private void answer(String answer, End end) {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write(answer);
			// lets the gateway read before the reset drops what it has not
			Awaitility.await().pollDelay(Duration.ofMillis(150)).until(() -> true);
			end.of(connection);
		});
	}

	@Test
	void aClosedPortIsABadGateway() throws IOException {
		int port;
		try (ServerSocket free = new ServerSocket(0)) {
			port = free.getLocalPort();
		}
		try (EdgeUnderTest broken = EdgeUnderTest.with()
			.route("public", "/public/**", port, "access.anonymous", "true")
			.start(); RawClient client = broken.client()) {
			String answer = client.send(GET).readAnswer();
			assertThat(answer).startsWith("HTTP/1.1 502 ")
				.contains("X-Gateway-Error: bad-gateway")
				.doesNotContain(String.valueOf(port));
			assertThat(client.send(GET).readAnswer()).startsWith("HTTP/1.1 502 ");
			assertThat(broken.upstreamConnections()).isZero();
		}
	}

	@Test
	void aNameThatDoesNotResolveIsABadGateway() {
		try (EdgeUnderTest broken = EdgeUnderTest.with()
			.route("public", "/public/**", 1, "access.anonymous", "true", "upstream", "http://no.such.host.invalid:1",
					"timeout.connect", "3s")
			.start(); RawClient client = broken.client()) {
			assertThat(client.send(GET).readAnswer()).matches("(?s)HTTP/1.1 50[24] .*").doesNotContain("invalid:");
		}
	}

	@Test
	void silenceIsATimeoutAndTheConnectionIsNotUsedAgain() {
		this.origin.script(Connection::readToEnd);
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(GET).readAnswer()).startsWith("HTTP/1.1 504 ")
				.contains("X-Gateway-Error: upstream-timeout");
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.origin.connection().hasEnded());
	}

	@ParameterizedTest
	@EnumSource
	void anEndBeforeAnyByteIsABadGatewayAndAPostArrivesOnce(End end) {
		this.origin.script((connection) -> {
			connection.readRequest();
			end.of(connection);
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(GET).readAnswer()).startsWith("HTTP/1.1 502 ");
			assertThat(client.send(POST).readAnswer()).startsWith("HTTP/1.1 502 ");
		}
		assertThat(this.origin.received().split("POST ", -1)).hasSize(2);
	}

	@ParameterizedTest
	@EnumSource
	void anAnswerShortOfItsLengthIsCutOff(End end) {
		answer("HTTP/1.1 200 OK\nContent-Length: 100\n\n" + "x".repeat(40), end);
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(GET).readToEnd()).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n" + "x".repeat(40));
		}
		assertThat(this.edge.metered("public", "truncated")).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource
	void aChunkedAnswerWithoutItsEndGetsNone(End end) {
		answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n", end);
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(GET).readToEnd()).startsWith("HTTP/1.1 200 ").endsWith("5\r\nhello\r\n");
		}
	}

	@Test
	void anAnswerThatEndsWithItsConnectionIsWholeByFinAndCutOffByReset() {
		answer("HTTP/1.1 200 OK\n\nhello", End.FIN);
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(GET).readUntil("0\r\n\r\n")).endsWith("5\r\nhello\r\n0\r\n\r\n");
		}
		answer("HTTP/1.1 200 OK\n\nhello", End.RST);
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(GET).readToEnd()).endsWith("5\r\nhello\r\n");
		}
		answer("HTTP/1.1 200 OK\n\nhello", End.RST);
		try (RawClient client = this.edge.client()) {
			client.send("GET /public/x HTTP/1.0\n\n").readToEnd();
			assertThat(client.wasReset()).isTrue();
		}
	}

	@Test
	void anAnswerThatStallsIsCutOff() {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Length: 100\n\nhalf");
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(GET).readToEnd()).endsWith("half");
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.origin.connection().hasEnded());
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 5\nContent-Length: 6", "Content-Length: 5\nTransfer-Encoding: chunked",
			"Content-Length: x", "Content-Length: -1", "nocolon", "X-A: a\u0000b" })
	void aMisframedAnswerIsABadGateway(String headers) {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\n" + headers + "\n\nhello");
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(GET).readAnswer()).startsWith("HTTP/1.1 502 ").contains("bad-gateway");
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.origin.connection().hasEnded());
	}

	@ParameterizedTest
	@ValueSource(strings = { "garbage\n\n", "HTTP/1.1 999999 X\n\n", "SSH-2.0-OpenSSH_9\n\n" })
	void whatIsNoAnswerIsABadGateway(String bytes) {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write(bytes);
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(GET).readAnswer()).matches("(?s)HTTP/1.1 50[24] .*");
		}
	}

	@Test
	void earlyHintsAreDroppedAndTheAnswerDelivered() {
		this.origin
			.script(CapturingOrigin.answering("HTTP/1.1 103 Early Hints\nLink: </a>\n\nHTTP/1.1 102 Processing\n\n"
					+ "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"));
		try (RawClient client = this.edge.client()) {
			for (int i = 0; i < 3; i++) {
				assertThat(client.send(GET).readAnswer()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("hello");
			}
		}
		assertThat(this.origin.connections()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Connection: Upgrade\nUpgrade: websocket", "X: y", "Upgrade: h2c" })
	void aSwitchOfProtocolsThatNobodyAskedForIsABadGateway(String headers) {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 101 Switching Protocols\n" + headers
					+ "\n\nHTTP/1.1 200 OK\nContent-Length: 6\n\npoison");
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(GET).readAnswer()).startsWith("HTTP/1.1 502 ").doesNotContain("poison");
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.origin.connection().hasEnded());
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "HTTP/1.1 204 No Content\nContent-Length: 6\n\npoison", "HTTP/1.1 304 Not Modified\n\npoison",
					"HTTP/1.1 200 OK\nContent-Length: 5\n\nhelloHTTP/1.1 200 OK\nContent-Length: 6\n\npoison",
					"HTTP/1.1 200 OK\nContent-Length: 5\n\nhelloHTTP/1.1 2",
					"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n\npoison" })
	void bytesBehindTheEndOfAnAnswerNeverReachAnybody(String bytes) {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write(bytes);
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			String first = client.send(GET).readUntil("\r\n\r\n");
			assertThat(first).doesNotContain("poison");
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.origin.connection().hasEnded());
			this.origin.script(CapturingOrigin.hello());
			client.forget();
			client.send(GET);
			assertThat(client.readUntil("hello")).doesNotContain("poison");
		}
		assertThat(this.origin.connections()).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "HEAD", "GET" })
	void answersWithoutABodyKeepTheirLengthAndTheConnection(String method) {
		String status = method.equals("HEAD") ? "200 OK" : "304 Not Modified";
		this.origin.script(CapturingOrigin.answering("HTTP/1.1 " + status + "\nContent-Length: 1234\n\n"));
		try (RawClient client = this.edge.client()) {
			for (int i = 0; i < 3; i++) {
				client.send(method + " /public/x HTTP/1.1\nHost: a\n\n");
				assertThat(client.readUntil("\r\n\r\n")).contains("\r\nContent-Length: 1234\r\n");
				client.forget();
			}
		}
		assertThat(this.origin.connections()).hasSize(1);
	}

	@Test
	void aStaleIdleConnectionIsReplacedForAGetAndAPostIsNeverSentTwice() {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello");
			connection.readRequest();
			connection.reset();
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(GET).readAnswer()).endsWith("hello");
			assertThat(client.send(GET).readAnswer()).endsWith("hello");
			assertThat(client.send(POST).readAnswer()).startsWith("HTTP/1.1 502 ");
		}
		assertThat(this.origin.received().split("POST ", -1)).hasSize(2);
	}

	@Test
	void theBackendNeverSeesAnEndOfAnUploadThatWasBroken() {
		this.origin.script(Connection::readToEnd);
		String[] breaks = { "malformed", "fin", "rst", "stall" };
		for (int i = 0; i < breaks.length; i++) {
			try (RawClient client = this.edge.client()) {
				client.send(UPLOAD);
				Connection connection = this.origin.connection(i);
				Awaitility.await()
					.atMost(Duration.ofSeconds(5))
					.until(() -> connection.received().endsWith("hello\r\n"));
				switch (breaks[i]) {
					case "malformed" -> assertThat(client.send("zz\nhello\n").readToEnd()).startsWith("HTTP/1.1 400 ");
					case "fin" -> client.finish();
					case "rst" -> client.reset();
					default -> assertThat(client.send("5\nhe").readToEnd()).startsWith("HTTP/1.1 408 ");
				}
				Awaitility.await().atMost(Duration.ofSeconds(5)).until(connection::hasEnded);
				assertThat(connection.received().toLowerCase(Locale.ROOT)).doesNotContain("\n0\r\n\r\n");
			}
		}
	}

	@Test
	void aClientThatLeavesTakesTheBackendsConnectionWithIt() {
		this.origin.script(Connection::readToEnd);
		try (RawClient client = this.edge.client()) {
			client.send(GET);
			assertThat(this.origin.connection().received()).isNotNull();
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.origin.received().contains("GET "));
		}
		Awaitility.await().atMost(Duration.ofMillis(900)).until(() -> this.origin.connection().hasEnded());
		assertThat(this.edge.metered("public", "cancelled")).isEqualTo(1);
	}

	@Test
	void anEarlyAnswerToAnUploadIsDeliveredAndEndsBothConnections() {
		this.origin.script((connection) -> {
			connection.readUntil("hello\r\n");
			connection.write("HTTP/1.1 413 Content Too Large\nContent-Length: 3\n\nbig");
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(UPLOAD).readToEnd()).startsWith("HTTP/1.1 413 ")
				.contains("\r\nConnection: close\r\n")
				.endsWith("big");
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.origin.connection().hasEnded());
	}

	@Test
	void bodiesBeyondTheRoutesLimitAreRefused() {
		this.origin.script(Connection::readToEnd);
		assertThat(this.edge.exchange("POST /public/x HTTP/1.1\nHost: a\nContent-Length: 1048577\n\n"))
			.startsWith("HTTP/1.1 413 ")
			.contains("Connection: close");
		assertThat(this.origin.connections()).isEmpty();
		try (RawClient client = this.edge.client()) {
			client.send("POST /public/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n100001\n")
				.sendBytes(new byte[0x100001]);
			assertThat(client.readToEnd()).startsWith("HTTP/1.1 413 ");
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.origin.connection().hasEnded());
		assertThat(this.origin.received()).doesNotEndWith("\r\n0\r\n\r\n");
	}

	@Test
	void expectContinueIsTheBackendsToAnswer() {
		this.origin.script((connection) -> {
			connection.readUntil("\r\n\r\n");
			connection.write("HTTP/1.1 100 Continue\n\n");
			connection.readUntil("hello");
			connection.write("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			client.send("POST /public/x HTTP/1.1\nHost: a\nContent-Length: 5\nExpect: 100-continue\n\n");
			assertThat(client.readUntil("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
			client.forget();
			assertThat(client.sendExactly("hello").readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("ok");
		}
		this.origin.script((connection) -> {
			connection.readUntil("\r\n\r\n");
			connection.write("HTTP/1.1 417 Expectation Failed\nContent-Length: 0\n\n");
			connection.readToEnd();
		});
		try (EdgeUnderTest fresh = EdgeUnderTest.to(this.origin).start()) {
			assertThat(fresh.exchange("POST /public/x HTTP/1.1\nHost: a\nContent-Length: 5\nExpect: 100-continue\n\n"))
				.startsWith("HTTP/1.1 417 ")
				.contains("Connection: close");
		}
	}

	@Test
	void eachPieceOfAStreamIsFlushedAtOnce() {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n");
			connection.write("7\ndata: a\n");
			connection.readUntil("next");
			connection.write("7\ndata: b\n0\n\n");
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			client.send("POST /public/x HTTP/1.1\nHost: a\nContent-Length: 0\n\n");
			assertThat(client.readUntil("data: a")).contains("text/event-stream");
			assertThat(client.staysOpen(Duration.ofMillis(1500))).isTrue();
		}
	}

	@Test
	void aSlowHeadAndAnIdleConnectionAreEndedAfterTheirTime() {
		try (RawClient dribbling = this.edge.client(); RawClient idle = this.edge.client()) {
			dribbling.sendExactly("GET /public/x HTTP/1.1\r\nHost: a\r\n");
			assertThat(dribbling.readToEnd()).startsWith("HTTP/1.1 408 ");
			assertThat(idle.readToEnd()).isEmpty();
		}
		try (RawClient kept = this.edge.client()) {
			assertThat(kept.send(GET).readAnswer()).endsWith("hello");
			assertThat(kept.staysOpen(Duration.ofMillis(1500))).isTrue();
			assertThat(kept.readToEnd()).isEmpty();
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.connections() == 0);
	}

	@Test
	void anEndedSessionEndsItsOpenStreamInOrder() {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Type: text/event-stream\n\ndata: a\n");
			connection.readToEnd();
		});
		try (EdgeUnderTest streaming = EdgeUnderTest.to(this.origin).start(); RawClient client = streaming.client()) {
			client.send("GET /api/customer/sse HTTP/1.1\nHost: a\nAuthorization: Bearer customer\n\n");
			client.readUntil("data: a");
			streaming.end(EdgeUnderTest.SESSION);
			assertThat(client.readToEnd()).endsWith("0\r\n\r\n");
		}
	}

}
