package com.deliveryservice.authgateway.forward;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A backend that is spoken to by HTTP/2, and what can go wrong with it; the client speaks
 * HTTP/1.1. What breaks looks broken, and one broken stream costs nobody else's.
 */
class Http2UpstreamTests {

	/** Netty's client leaves the first stream to an upgrade. */
	private static final int FIRST = 3;

	/** SETTINGS_MAX_CONCURRENT_STREAMS (RFC 9113 §6.5.2). */
	private static final int MOST_STREAMS = 3;

	private static final byte[] SETTINGS = Http2RawClient.bytes(Http2RawClient.SETTINGS, 0, 0, new byte[0]);

	private static final String GET = "GET /h2/x HTTP/1.1\nHost: a\n\n";

	private final CapturingOrigin origin = CapturingOrigin.start((connection) -> {
		greet(connection);
		int stream = FIRST;
		while (connection.readFrame(Http2RawClient.HEADERS)) {
			connection.write(hello(stream));
			stream += 2;
		}
	});

	private final EdgeUnderTest edge = EdgeUnderTest.with()
		.route("h2", "/h2/**", this.origin.port(), "http2", "true", "access.anonymous", "true", "timeout.first-byte",
				"2s", "timeout.idle", "1s", "timeout.connect", "1s")
		.and("upstream.max-connections", "3", "upstream.max-waiting", "0", "upstream.breaker-failures", "100")
		.start();

	@AfterEach
	void stop() {
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.inFlight() == 0);
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.upstreamConnections() == 0);
		this.edge.close();
		this.origin.close();
	}

	@Test
	void requestsFollowOneAnotherOnOneConnection() {
		try (RawClient client = this.edge.client()) {
			for (int i = 0; i < 5; i++) {
				assertThat(client.send(GET).readAnswer()).startsWith("HTTP/1.1 200 OK\r\n")
					.contains("Content-Length: 5\r\n")
					.endsWith("hello");
			}
		}
		assertThat(this.origin.connections()).hasSize(1);
	}

	@Test
	void aBodyArrivesAndTrailersOfTheAnswerEndAtTheGateway() {
		this.origin.script((connection) -> {
			greet(connection);
			connection.readFrame(Http2RawClient.DATA);
			connection.write(Http2RawClient.bytes(Http2RawClient.HEADERS, Http2RawClient.END_HEADERS, FIRST,
					Http2RawClient.block(":status", "200")));
			connection.write(data(FIRST, false, "hello"));
			connection.write(
					Http2RawClient.bytes(Http2RawClient.HEADERS, Http2RawClient.END_HEADERS | Http2RawClient.END_STREAM,
							FIRST, Http2RawClient.block("x-auth-user-id", "1", "x-sum", "2")));
			connection.readToEnd();
		});
		String answer = this.edge
			.exchange("POST /h2/x HTTP/1.1\nHost: a\nConnection: close\nContent-Length: 4\n\nbody");
		assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("5\r\nhello\r\n0\r\n\r\n");
		assertThat(this.origin.received()).contains("body");
	}

	/** What a backend may do wrong before its answer has begun. */
	enum Early {

		RESET_STREAM {
			@Override
			byte[] bytes() {
				return reset(FIRST, 2);
			}
		},
		REFUSED_STREAM {
			@Override
			byte[] bytes() {
				return reset(FIRST, 7);
			}
		},
		GOAWAY {
			@Override
			byte[] bytes() {
				return Http2RawClient.bytes(Http2RawClient.GOAWAY, 0, 0, new byte[8]);
			}
		},
		NO_STATUS {
			@Override
			byte[] bytes() {
				return head(FIRST, "x", "y");
			}
		},
		STRANGE_STATUS {
			@Override
			byte[] bytes() {
				return head(FIRST, ":status", "20x");
			}
		},
		STATUS_101 {
			@Override
			byte[] bytes() {
				return head(FIRST, ":status", "101");
			}
		},
		LINE_BREAK_IN_A_VALUE {
			@Override
			byte[] bytes() {
				return head(FIRST, ":status", "200", "x-a", "b\r\nx-c: d");
			}
		},
		UPPER_CASE {
			@Override
			byte[] bytes() {
				return head(FIRST, ":status", "200", "X-A", "b");
			}
		},
		CONNECTION_SPECIFIC {
			@Override
			byte[] bytes() {
				return head(FIRST, ":status", "200", "transfer-encoding", "chunked");
			}
		},
		BODY_WITHOUT_HEAD {
			@Override
			byte[] bytes() {
				return data(FIRST, true, "hello");
			}
		},
		NO_HTTP2 {
			@Override
			byte[] bytes() {
				return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".getBytes(StandardCharsets.US_ASCII);
			}
		};

		abstract byte[] bytes();

	}

	@ParameterizedTest
	@EnumSource
	void aBackendThatFailsBeforeItsAnswerIsABadGateway(Early fault) {
		this.origin.script((connection) -> {
			greet(connection);
			connection.readFrame(Http2RawClient.DATA);
			connection.write(fault.bytes());
			connection.readToEnd();
		});
		String answer = this.edge
			.exchange("POST /h2/x HTTP/1.1\nHost: a\nConnection: close\nContent-Length: 4\n\nbody");
		assertThat(answer).startsWith("HTTP/1.1 502 ").contains("\"code\":\"bad-gateway\"");
		assertThat(this.origin.connections()).hasSize(1);
	}

	@Test
	void aBackendThatClosesOrResetsBeforeItsAnswerIsABadGateway() {
		for (boolean reset : new boolean[] { false, true }) {
			this.origin.script((connection) -> {
				greet(connection);
				connection.readFrame(Http2RawClient.DATA);
				if (reset) {
					connection.reset();
				}
			});
			assertThat(this.edge.exchange("POST /h2/x HTTP/1.1\nHost: a\nConnection: close\nContent-Length: 4\n\nbody"))
				.as("reset " + reset)
				.startsWith("HTTP/1.1 502 ");
		}
	}

	@Test
	void aGetThatWasNotTakenIsSentOnceMore() {
		this.origin.script((connection) -> {
			greet(connection);
			connection.readFrame(Http2RawClient.HEADERS);
			if (this.origin.connections().size() == 1) {
				connection.write(Http2RawClient.bytes(Http2RawClient.GOAWAY, 0, 0, new byte[8]));
			}
			else {
				connection.write(hello(FIRST));
			}
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			assertThat(client.send(GET).readAnswer()).endsWith("hello");
		}
		assertThat(this.origin.connections()).hasSize(2);
	}

	@Test
	void aBackendThatSaysNothingTimesOut() {
		this.origin.script((connection) -> {
			greet(connection);
			connection.readToEnd();
		});
		assertThat(this.edge.exchange("GET /h2/x HTTP/1.1\nHost: a\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 504 ");
	}

	@Test
	void aBackendThatDoesNotSayThatItSpeaksHttp2TimesOut() {
		this.origin.script(CapturingOrigin.Connection::readToEnd);
		assertThat(this.edge.exchange("GET /h2/x HTTP/1.1\nHost: a\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 504 ");
	}

	@Test
	void aBackendThatAllowsNoStreamsIsABadGatewayAndNotAskedAgainAndAgain() {
		this.origin.script((connection) -> {
			connection
				.write(Http2RawClient.bytes(Http2RawClient.SETTINGS, 0, 0, new byte[] { 0, MOST_STREAMS, 0, 0, 0, 0 }));
			connection.readToEnd();
		});
		assertThat(this.edge.exchange("POST /h2/x HTTP/1.1\nHost: a\nConnection: close\nContent-Length: 4\n\nbody"))
			.startsWith("HTTP/1.1 502 ");
		assertThat(this.origin.connections()).hasSize(1);
	}

	@Test
	void anAnswerThatIsCutOffIsCutOff() {
		for (String how : new String[] { "reset", "fin", "rst", "stall" }) {
			this.origin.script((connection) -> {
				greet(connection);
				connection.readFrame(Http2RawClient.HEADERS);
				connection.write(head(FIRST, ":status", "200"));
				connection.write(data(FIRST, false, "hello"));
				switch (how) {
					case "reset" -> {
						connection.write(reset(FIRST, 8));
						connection.readToEnd();
					}
					case "rst" -> connection.reset();
					case "stall" -> connection.readToEnd();
					default -> connection.finish();
				}
			});
			assertThat(this.edge.exchange("GET /h2/x HTTP/1.1\nHost: a\nConnection: close\n\n")).as(how)
				.startsWith("HTTP/1.1 200 ")
				.endsWith("5\r\nhello\r\n");
		}
		assertThat(this.edge.metered("h2", "truncated")).isEqualTo(4);
	}

	@Test
	void anAnswerOfAnotherLengthThanSaidIsCutOff() {
		this.origin.script((connection) -> {
			greet(connection);
			connection.readFrame(Http2RawClient.HEADERS);
			connection.write(head(FIRST, ":status", "200", "content-length", "10"));
			connection.write(data(FIRST, true, "hello"));
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			client.send(GET);
			assertThat(client.readToEnd()).startsWith("HTTP/1.1 ").doesNotEndWith("hellohello");
		}
	}

	@Test
	void aFullAnswerFollowedByAResetWithoutErrorIsWhole() {
		this.origin.script((connection) -> {
			greet(connection);
			connection.readFrame(Http2RawClient.HEADERS);
			ByteArrayOutputStream all = new ByteArrayOutputStream();
			all.writeBytes(hello(FIRST));
			all.writeBytes(reset(FIRST, 0));
			connection.write(all.toByteArray());
			connection.readToEnd();
		});
		String answer = this.edge.exchange("POST /h2/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n4\nbody\n");
		assertThat(answer).startsWith("HTTP/1.1 200 ").contains("Connection: close").endsWith("hello");
	}

	@Test
	void aClientThatLeavesResetsItsStream() throws IOException {
		this.origin.script((connection) -> {
			greet(connection);
			connection.readFrame(Http2RawClient.HEADERS);
			connection.readFrame(Http2RawClient.RST_STREAM);
			connection.readToEnd();
		});
		try (RawClient client = this.edge.client()) {
			client.send("POST /h2/x HTTP/1.1\nHost: a\nContent-Length: 10\n\nbody");
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.origin.received().contains("body"));
			client.reset();
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.upstreamConnections() == 0);
		assertThat(this.origin.connection().hasEnded()).isFalse();
	}

	@Test
	void moreCallsThanAllowedAreRefused() {
		this.origin.script((connection) -> {
			greet(connection);
			connection.readToEnd();
		});
		try (RawClient first = this.edge.client();
				RawClient second = this.edge.client();
				RawClient third = this.edge.client();
				RawClient fourth = this.edge.client()) {
			first.send(GET);
			second.send(GET);
			third.send(GET);
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.upstreamConnections() == 3);
			assertThat(fourth.send(GET).readAnswer()).startsWith("HTTP/1.1 503 ");
			assertThat(first.readAnswer()).startsWith("HTTP/1.1 504 ");
		}
	}

	@Test
	void webSocketsAreNoMatterOfHttp2() {
		assertThatThrownBy(() -> EdgeUnderTest.with()
			.route("h2", "/h2/**", 1, "http2", "true", "websocket", "true", "access.anonymous", "true")
			.start())
			.hasMessageContaining("auth-gateway.routes[0].http2: true (expected false where websocket is true)");
	}

	private static void greet(CapturingOrigin.Connection connection) throws IOException {
		connection.write(SETTINGS);
	}

	private static byte[] hello(int stream) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		all.writeBytes(head(stream, ":status", "200", "content-length", "5"));
		all.writeBytes(data(stream, true, "hello"));
		return all.toByteArray();
	}

	private static byte[] head(int stream, String... fields) {
		return Http2RawClient.bytes(Http2RawClient.HEADERS, Http2RawClient.END_HEADERS, stream,
				Http2RawClient.block(fields));
	}

	private static byte[] data(int stream, boolean end, String text) {
		return Http2RawClient.bytes(Http2RawClient.DATA, end ? Http2RawClient.END_STREAM : 0, stream,
				text.getBytes(StandardCharsets.US_ASCII));
	}

	private static byte[] reset(int stream, int code) {
		return Http2RawClient.bytes(Http2RawClient.RST_STREAM, 0, stream, new byte[] { 0, 0, 0, (byte) code });
	}

}
