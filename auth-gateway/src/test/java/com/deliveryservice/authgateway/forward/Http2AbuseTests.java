package com.deliveryservice.authgateway.forward;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.deliveryservice.authgateway.testing.Certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What no proper client does by HTTP/2 (cases 138 to 140): refused or reset, nothing of
 * it forwarded, and the floods end the connection.
 */
class Http2AbuseTests {

	private static final int ENHANCE_YOUR_CALM = 11;

	private static final Certificate CERTIFICATE = Certificate.ofLocalhost();

	private final CapturingOrigin origin = CapturingOrigin.start(CapturingOrigin.hello());

	private final EdgeUnderTest edge = EdgeUnderTest.to(this.origin)
		.and("edge.header-timeout", "500ms", "edge.body-timeout", "500ms", "edge.write-timeout", "500ms",
				"edge.keep-alive", "1s")
		.tls(CERTIFICATE)
		.start();

	@AfterEach
	void stop() {
		this.origin.script(CapturingOrigin.hello());
		assertThat(this.edge.exchangeByTls(CERTIFICATE)).startsWith("HTTP/1.1 200 ");
		this.edge.close();
		this.origin.close();
	}

	static Stream<Arguments> fields() {
		return Stream.of(arguments("transfer-encoding", "chunked"), arguments("connection", "x-auth-user-id"),
				arguments("upgrade", "websocket"), arguments("keep-alive", "1"), arguments("proxy-connection", "close"),
				arguments("X-Upper", "a"), arguments("te", "gzip"), arguments("host", "other.example"),
				arguments("content-length", "x"), arguments("a b", "c"), arguments(":path", "/manager/x"),
				arguments(":authority", "other.example"), arguments(":protocol", "websocket"),
				arguments("x-nul", "a\0b"), arguments("x-crlf", "a\r\nb: c"), arguments("x-lf", "a\nb: c"),
				arguments("", "x"), arguments(":unknown", "x"));
	}

	@ParameterizedTest
	@MethodSource("fields")
	void aFieldThatIsNoneIsRefused(String name, String value) throws IOException {
		try (Http2RawClient client = client()) {
			client.request(1, true, "GET", "/public/x", name, value);
			assertThat(client.outcome(1)).isIn("400", "reset 1", "goaway 1");
		}
		assertThat(this.origin.received()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "*", "public/x", "http://a.example/public/x", "/public/../manager/x",
			"/public/%2e%2e/x", "/public//x", "/public/x#y", "/public/x y", "/public/\u00e4", "/public;a=b/x" })
	void aPathThatIsNotCanonicalIsRefused(String path) throws IOException {
		try (Http2RawClient client = client()) {
			client.request(1, true, "GET", path);
			assertThat(client.outcome(1)).isIn("400", "reset 1", "goaway 1");
		}
		assertThat(this.origin.received()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "CONNECT", "TRACE", "FOO", "get" })
	void aMethodThatIsNotServedIsRefused(String method) throws IOException {
		try (Http2RawClient client = client()) {
			client.request(1, true, method, "/public/x");
			assertThat(client.outcome(1)).isIn("501", "400", "reset 1");
		}
		assertThat(this.origin.received()).isEmpty();
	}

	@Test
	void aPseudoFieldTooFewOrTooManyIsRefused() throws IOException {
		try (Http2RawClient client = client()) {
			client.headers(1, true, ":method", "GET", ":scheme", "https", ":authority", "a.example");
			assertThat(client.outcome(1)).isIn("400", "reset 1", "goaway 1");
		}
		try (Http2RawClient client = client()) {
			client.headers(1, true, ":method", "GET", ":scheme", "https", ":path", "/public/x");
			assertThat(client.outcome(1)).isIn("400", "reset 1", "goaway 1");
		}
		assertThat(this.origin.received()).isEmpty();
	}

	@Test
	void aBodyOfAnotherLengthThanSaidNeverArrivesWhole() throws IOException {
		try (Http2RawClient client = client()) {
			client.request(1, false, "POST", "/public/long", "content-length", "3").data(1, true, "12345");
			assertThat(client.outcome(1)).isIn("reset 1", "400", "goaway 1");
			client.request(3, false, "POST", "/public/short", "content-length", "5").data(3, true, "123");
			assertThat(client.outcome(3)).isIn("reset 1", "400", "goaway 1");
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.inFlight() == 0);
		assertThat(this.origin.received()).doesNotContain("12345");
	}

	@Test
	void anUploadThatIsResetOrCutHasNoMadeUpEnd() throws IOException {
		for (String how : new String[] { "reset", "rst", "fin" }) {
			try (Http2RawClient client = client()) {
				client.request(1, false, "POST", "/public/" + how).data(1, false, "part");
				int count = this.origin.connections().size();
				CapturingOrigin.Connection connection = this.origin.connection(Math.max(0, count - 1));
				Awaitility.await()
					.atMost(Duration.ofSeconds(5))
					.until(() -> this.origin.received().contains("/" + how + " ")
							&& this.origin.received().endsWith("4\r\npart\r\n"));
				switch (how) {
					case "reset" -> client.reset(1);
					case "rst" -> client.abort();
					default -> client.finish();
				}
				Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.upstreamConnections() == 0);
				assertThat(connection.received()).endsWith("4\r\npart\r\n");
			}
		}
		assertThat(this.edge.inFlight()).isZero();
	}

	@Test
	void trailersDoNotReachAnHttp11Backend() throws IOException {
		try (Http2RawClient client = client()) {
			client.request(1, false, "POST", "/public/x").data(1, false, "part");
			client.headers(1, true, "x-auth-user-id", "1", "authorization", "Bearer manager", "x-sum", "1");
			assertThat(client.outcome(1)).isEqualTo("200");
		}
		assertThat(this.origin.received()).endsWith("4\r\npart\r\n0\r\n\r\n")
			.doesNotContain("x-auth-user-id")
			.doesNotContain("x-sum");
	}

	@Test
	void cookiesInPiecesAreOneLine() throws IOException {
		try (Http2RawClient client = client()) {
			client.request(1, true, "GET", "/public/x", "cookie", "a=b", "cookie", "c=d");
			assertThat(client.outcome(1)).isEqualTo("200");
		}
		assertThat(this.origin.received()).contains("cookie: a=b; c=d\r\n");
	}

	@Test
	void rapidResetEndsTheConnection() throws IOException {
		try (Http2RawClient client = client()) {
			ByteArrayOutputStream flood = new ByteArrayOutputStream();
			for (int i = 0; i < 1000; i++) {
				flood.writeBytes(Http2RawClient.bytes(Http2RawClient.HEADERS,
						Http2RawClient.END_HEADERS | Http2RawClient.END_STREAM, 2 * i + 1,
						Http2RawClient.block(":method", "GET", ":scheme", "https", ":authority", "a.example", ":path",
								"/api/customer/x")));
				flood.writeBytes(
						Http2RawClient.bytes(Http2RawClient.RST_STREAM, 0, 2 * i + 1, new byte[] { 0, 0, 0, 8 }));
			}
			client.write(flood.toByteArray());
			assertCalmed(client);
		}
	}

	@Test
	void resetsThatTheClientProvokesEndTheConnection() throws IOException {
		try (Http2RawClient client = client()) {
			ByteArrayOutputStream flood = new ByteArrayOutputStream();
			for (int i = 0; i < 1000; i++) {
				flood.writeBytes(Http2RawClient.bytes(Http2RawClient.HEADERS, Http2RawClient.END_HEADERS, 2 * i + 1,
						Http2RawClient.block(":method", "POST", ":scheme", "https", ":authority", "a.example", ":path",
								"/api/customer/x")));
				flood.writeBytes(
						Http2RawClient.bytes(Http2RawClient.WINDOW_UPDATE, 0, 2 * i + 1, new byte[] { 0, 0, 0, 0 }));
			}
			client.write(flood.toByteArray());
			assertThat(client.next((frame) -> frame.type() == Http2RawClient.GOAWAY)).isNotNull();
			client.next((frame) -> false);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { Http2RawClient.PING, Http2RawClient.SETTINGS, Http2RawClient.PRIORITY, 0x42 })
	void framesThatOnlyMakeWorkEndTheConnection(int type) throws IOException {
		try (Http2RawClient client = client()) {
			int length = switch (type) {
				case Http2RawClient.PING -> 8;
				case Http2RawClient.PRIORITY -> 5;
				default -> 0;
			};
			int stream = (type == Http2RawClient.PING || type == Http2RawClient.SETTINGS) ? 0 : 1;
			client.request(1, false, "POST", "/public/x");
			ByteArrayOutputStream flood = new ByteArrayOutputStream();
			for (int i = 0; i < 2000; i++) {
				flood.writeBytes(Http2RawClient.bytes(type, 0, stream, new byte[length]));
			}
			client.write(flood.toByteArray());
			assertCalmed(client);
		}
	}

	@ParameterizedTest
	@CsvSource({ Http2RawClient.PRIORITY + ",0,7,5", "0x10,0,0,8", "0x42,0,0,0", Http2RawClient.PING + ",1,0,8",
			Http2RawClient.SETTINGS + ",1,0,0" })
	void theSameFramesOfNoOpenStreamEndItToo(String type, int flags, int stream, int length) throws IOException {
		try (Http2RawClient client = client()) {
			client.request(1, false, "POST", "/public/x");
			ByteArrayOutputStream flood = new ByteArrayOutputStream();
			for (int i = 0; i < 2000; i++) {
				flood.writeBytes(Http2RawClient.bytes(Integer.decode(type), flags, stream, new byte[length]));
			}
			client.write(flood.toByteArray());
			assertCalmed(client);
		}
	}

	@Test
	void continuationsWithoutEndEndTheConnection() throws IOException {
		try (Http2RawClient client = client()) {
			client.frame(Http2RawClient.HEADERS, Http2RawClient.END_STREAM, 1, Http2RawClient.block(":method", "GET"));
			for (int i = 0; i < 100; i++) {
				client.frame(Http2RawClient.CONTINUATION, 0, 1, new byte[0]);
			}
			assertThat(client.next((frame) -> frame.type() == Http2RawClient.GOAWAY)).isNotNull();
			assertThat(client.next((frame) -> false)).isNull();
		}
	}

	@Test
	void aHeadThatIsTooLongIsRefused() throws IOException {
		try (Http2RawClient client = client()) {
			client.frame(Http2RawClient.HEADERS, Http2RawClient.END_STREAM, 1, Http2RawClient.block(":method", "GET",
					":scheme", "https", ":authority", "a.example", ":path", "/public/x", "x-a", "x".repeat(9000)));
			client.frame(Http2RawClient.CONTINUATION, Http2RawClient.END_HEADERS, 1,
					Http2RawClient.block("x-b", "x".repeat(9000)));
			assertThat(client.outcome(1)).isIn("431", "reset 1", "goaway 1");
		}
		try (Http2RawClient client = client()) {
			String[] fields = new String[220];
			for (int i = 0; i < fields.length; i += 2) {
				fields[i] = "x-" + i;
				fields[i + 1] = "";
			}
			client.request(1, true, "GET", "/public/x", fields);
			assertThat(client.outcome(1)).isEqualTo("431");
			client.request(3, true, "GET", "/public/" + "x".repeat(8200));
			assertThat(client.outcome(3)).isEqualTo("414");
		}
		assertThat(this.origin.received()).isEmpty();
	}

	@Test
	void moreStreamsThanAllowedAreRefused() throws IOException {
		this.origin.script((connection) -> connection.readToEnd());
		try (Http2RawClient client = client()) {
			for (int i = 0; i < 101; i++) {
				client.request(2 * i + 1, true, "GET", "/public/x");
			}
			assertThat(client.outcome(201)).isEqualTo("reset 7");
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.inFlight() == 0);
	}

	@Test
	void aBodyThatStallsTimesOut() throws IOException {
		try (Http2RawClient client = client()) {
			client.request(1, false, "POST", "/public/x").data(1, false, "part");
			assertThat(client.outcome(1)).isEqualTo("408");
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.upstreamConnections() == 0);
		assertThat(this.origin.received()).endsWith("4\r\npart\r\n");
	}

	@Test
	void aClientThatTakesNoAnswerIsReset() throws IOException {
		String body = "z".repeat(200_000);
		this.origin.script(CapturingOrigin.answering("HTTP/1.1 200 OK\nContent-Length: 200000\n\n" + body));
		try (Http2RawClient client = client()) {
			client.request(1, true, "GET", "/public/x");
			assertThat(client.outcome(1)).isEqualTo("200");
			assertThat(client.next((frame) -> frame.type() == Http2RawClient.RST_STREAM)).isNotNull();
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.inFlight() == 0);
	}

	/** Its windows are wide open, and the socket is full: it takes no reset either. */
	@Test
	void aClientThatReadsNothingAtAllIsLeft() throws IOException {
		byte[] piece = new byte[65536];
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Length: 1073741824\n\n");
			for (int i = 0; i < 16384; i++) {
				connection.write(piece);
			}
		});
		try (Http2RawClient client = client()) {
			client.frame(Http2RawClient.SETTINGS, 0, 0, new byte[] { 0, 4, 127, -1, -1, -1 });
			client.frame(Http2RawClient.WINDOW_UPDATE, 0, 0, new byte[] { 127, -1, 0, 0 });
			client.request(1, true, "GET", "/public/x");
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> this.origin.connection().wasReset());
			Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> this.edge.connections() == 0);
		}
		assertThat(this.edge.inFlight()).isZero();
		assertThat(this.edge.upstreamConnections()).isZero();
	}

	@Test
	void aConnectionThatIdlesIsEnded() throws IOException {
		try (Http2RawClient client = client()) {
			assertThat(client.next((frame) -> frame.type() == Http2RawClient.GOAWAY)).isNotNull();
			assertThat(client.next((frame) -> false)).isNull();
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.connections() == 0);
	}

	@Test
	void aHandshakeThatIsNotFinishedIsEnded() {
		try (RawClient client = this.edge.client()) {
			client.sendExactly("\u0016\u0003\u0001\u0001");
			client.readToEnd();
		}
		try (RawClient silent = this.edge.client()) {
			silent.readToEnd();
		}
		try (RawClient plain = this.edge.client()) {
			assertThat(plain.send("GET /public/x HTTP/1.1\nHost: a\n\n").readToEnd()).doesNotContain("HTTP/1.1 200");
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.connections() == 0);
	}

	private static void assertCalmed(Http2RawClient client) throws IOException {
		Http2RawClient.Frame last = client.next((frame) -> frame.type() == Http2RawClient.GOAWAY);
		assertThat(Objects.requireNonNull(last).errorCode()).isEqualTo(ENHANCE_YOUR_CALM);
		assertThat(client.next((frame) -> false)).isNull();
	}

	private Http2RawClient client() throws IOException {
		return Http2RawClient.to(this.edge, CERTIFICATE);
	}

}
