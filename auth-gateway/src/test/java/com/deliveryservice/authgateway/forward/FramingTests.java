package com.deliveryservice.authgateway.forward;

import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Section A of the security bar: message framing and smuggling. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("StringConcatToTextBlock")
class FramingTests {

	private static final String BEARER = "Authorization: Bearer customer\n";

	private CapturingOrigin origin;

	private EdgeUnderTest edge;

	@BeforeAll
	void start() {
		this.origin = CapturingOrigin.start(CapturingOrigin.hello());
		this.edge = EdgeUnderTest.to(this.origin).start();
	}

	@AfterAll
	void stop() {
		this.edge.close();
		this.origin.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "1\nContent-Length: 4\nTransfer-Encoding: chunked",
			"0\nContent-Length: 4\nTransfer-Encoding: chunked", "0\nTransfer-Encoding: chunked",
			"1\nContent-Length: 4\nContent-Length: 5", "1\nContent-Length: 5, 5",
			"1\nContent-Length: 5\nContent-Length: 5", "0\nContent-Length: 4\nContent-Length: 5",
			"0\nContent-Length: 5\nContent-Length: 5", "1\nContent-Length: +5", "1\nContent-Length: -5",
			"1\nContent-Length: 0x5", "1\nContent-Length: 5 5", "1\nContent-Length: 5;", "1\nContent-Length:",
			"1\nContent-Length: 99999999999999999999", "1\nTransfer-Encoding: xchunked",
			"1\nTransfer-Encoding: chunked, chunked", "1\nTransfer-Encoding: chunked;q=1",
			"1\nTransfer-Encoding: \"chunked\"", "1\nTransfer-Encoding: \u000bchunked",
			"1\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked", "1\nTransfer-Encoding : chunked",
			"1\nTransfer-Encoding\t: chunked", "1\nTransfer-Encoding:\n chunked", "1\nX-A: b\n folded",
			"1\nX-A: b\n\tfolded", "1\nno colon", "1\n: empty", "1\nX-A: a\u0000b", "1\nX-A: a\rb", "1\nX A: b",
			"1\nExpect: nonsense", "1\nSec-WebSocket-Key1: 1\nSec-WebSocket-Key2: 2", "1\nHost: b",
			"1\nAuthorization: Bearer manager", "1\nContent-Type: a/b\nContent-Type: a/c" })
	void anAmbiguousHeadIsRefusedAndTheConnectionClosed(String versionAndHeaders) {
		int before = this.origin.received().length();
		String answer = this.edge.exchange("POST /api/customer/x HTTP/1." + versionAndHeaders + "\nHost: a\n" + BEARER
				+ "\nabcdeGET /api/customer/smuggled HTTP/1.1\nHost: a\n" + BEARER + "\n");
		assertRefused(answer, "400", "invalid-request");
		assertThat(this.origin.received()).hasSize(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip, chunked", "identity, chunked", "chunked, identity", "gzip", "deflate" })
	void aTransferCodingThatIsNotServedIsRefused(String coding) {
		String answer = this.edge.exchange(
				"POST /api/customer/x HTTP/1.1\nHost: a\nTransfer-Encoding: " + coding + "\n" + BEARER + "\n0\n\n");
		assertThat(answer).matches("(?s)HTTP/1.1 (400|501) .*")
			.contains("Connection: close")
			.containsOnlyOnce("HTTP/1.1 ");
	}

	@Test
	void aKnownTransferCodingBeforeChunkedIsNotImplemented() {
		assertRefused(this.edge.exchange(
				"POST /api/customer/x HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n" + BEARER + "\n0\n\n"),
				"501", "not-implemented");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\u0001GET /public/x HTTP/1.1\r\nHost: a\r\n\r\n",
			"\u0000GET /public/x HTTP/1.1\r\nHost: a\r\n\r\n", "GET  /public/x HTTP/1.1\r\nHost: a\r\n\r\n",
			"GET /public/x  HTTP/1.1\r\nHost: a\r\n\r\n", "GET /public/x\tHTTP/1.1\r\nHost: a\r\n\r\n",
			" GET /public/x HTTP/1.1\r\nHost: a\r\n\r\n", "GET /public/x HTTP/1.1 \r\nHost: a\r\n\r\n",
			"GET /public/x HTTP/1.1\nHost: a\n\n", "GET /public/x HTTP/1.1\r\nHost: a\n\r\n",
			"GET /public/x HTTP/1.1\r\n X: y\r\nHost: a\r\n\r\n", "GET /public/x HTTP/1.2\r\nHost: a\r\n\r\n",
			"GET /public/x HTTP/2.0\r\nHost: a\r\n\r\n", "GET /public/x http/1.1\r\nHost: a\r\n\r\n",
			"GET /public/x\r\n\r\n", "GET /public/x HTTP/1.1x\r\nHost: a\r\n\r\n",
			"\r\n\r\nGET /public/x HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" })
	void aMalformedRequestLineIsRefused(String bytes) {
		try (RawClient client = this.edge.client()) {
			assertRefused(client.sendExactly(bytes).readToEnd(), "400", "invalid-request");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "5\nabcde\r\n0\r\n\r\n", "5\r\nabcde\n0\r\n\r\n", "0x5\r\nabcde\r\n0\r\n\r\n",
			"+5\r\nabcde\r\n0\r\n\r\n", "-5\r\nabcde\r\n0\r\n\r\n", "5 \r\nabcde\r\n0\r\n\r\n",
			"g\r\nabcde\r\n0\r\n\r\n", "\r\nabcde\r\n0\r\n\r\n", "100000005\r\nabcde\r\n0\r\n\r\n",
			"fffffffffffffffff\r\nabcde\r\n0\r\n\r\n", "5\r\nabcdef\r\n0\r\n\r\n", "5;a=\"\r\nabcde\r\n0\r\n\r\n" })
	void aMalformedChunkNeverBecomesAWholeRequestAtTheBackend(String chunks) {
		String received;
		try (CapturingOrigin own = CapturingOrigin.start(CapturingOrigin.hello());
				EdgeUnderTest front = EdgeUnderTest.to(own).start();
				RawClient client = front.client()) {
			client.send("POST /api/customer/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n" + BEARER + "\n")
				.sendExactly(chunks);
			assertRefused(client.readToEnd(), "400", "invalid-request");
			received = own.received();
		}
		assertThat(received).doesNotEndWith("\r\n0\r\n\r\n");
	}

	@Test
	void longChunkExtensionsAndTrailersAreRefused() {
		String start = "POST /api/customer/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n" + BEARER + "\n";
		assertThat(this.edge.exchange(start + "5;" + "a".repeat(9000) + "\nabcde\n0\n\n"))
			.matches("(?s)HTTP/1.1 4\\d\\d .*")
			.contains("Connection: close");
		assertThat(this.edge.exchange(start + "5\nabcde\n0\nX: " + "a".repeat(9000) + "\n\n"))
			.matches("(?s)HTTP/1.1 4\\d\\d .*")
			.contains("Connection: close");
	}

	@Test
	void trailersEndHereInBothDirections() {
		String trailers = "X-Auth-User-Id: 1\nx_auth.user_type: admin\nContent-Length: 3\nAuthorization: Bearer courier\n"
				+ "X-Checksum: request\n\n";
		String received;
		try (CapturingOrigin own = CapturingOrigin.start(CapturingOrigin
			.answering("HTTP/1.1 200 OK\nTrailer: X-Checksum\nTransfer-Encoding: chunked\n\n5\nhello\n0\n"
					+ "X-Checksum: answer\nX-Auth-User-Id: 1\n\n"));
				EdgeUnderTest front = EdgeUnderTest.to(own).start();
				RawClient client = front.client()) {
			String request = "POST /api/customer/x HTTP/1.1\nHost: a\nTE: trailers\nTransfer-Encoding: chunked\n"
					+ BEARER + "\n5\nabcde\n0\n" + trailers;
			for (int i = 0; i < 2; i++) {
				assertThat(client.send(request).readUntil("0\r\n\r\n")).startsWith("HTTP/1.1 200 ")
					.endsWith("\r\n5\r\nhello\r\n0\r\n\r\n")
					.doesNotContainIgnoringCase("trailer")
					.doesNotContainIgnoringCase("checksum");
				client.forget();
			}
			assertThat(own.connections()).hasSize(1);
			received = own.received();
		}
		assertThat(received).endsWith("\r\n5\r\nabcde\r\n0\r\n\r\n")
			.contains("X-Auth-User-Type: customer")
			.doesNotContainIgnoringCase("checksum")
			.doesNotContainIgnoringCase("x_auth")
			.doesNotContainIgnoringCase("authorization:")
			.doesNotContainIgnoringCase("content-length:");
		assertThat(received.split("X-Auth-User-Id: ", -1)).hasSize(3);
	}

	@Test
	void headsBeyondTheLimitsAreRefusedByName() {
		assertRefused(this.edge.exchange("GET /public/" + "a".repeat(9000) + " HTTP/1.1\nHost: a\n\n"), "414",
				"target-too-long");
		assertRefused(this.edge.exchange("GET /public/x HTTP/1.1\nHost: a\nX: " + "a".repeat(17000) + "\n\n"), "431",
				"headers-too-large");
		assertRefused(this.edge.exchange("GET /public/x HTTP/1.1\nHost: a\n" + "X: y\n".repeat(101) + "\n"), "431",
				"headers-too-large");
		assertThat(this.edge.exchange("GET /public/" + "a".repeat(8000) + " HTTP/1.1\nHost: a\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 200 ");
	}

	@Test
	void aRefusedRequestWithABodyEndsTheConnectionAndNothingIsParsedOutOfTheBody() {
		String answer = this.edge.exchange("POST /api/customer/x HTTP/1.1\nHost: a\nContent-Length: 60\n\n"
				+ "GET /public/x HTTP/1.1\nHost: a\n\nGET /public/y HTTP/1.1\nHost: a\n\n");
		assertRefused(answer, "401", "unauthenticated");
	}

	@Test
	void expectWithoutATokenIsRefusedWithoutAskingForTheBody() {
		String answer = this.edge
			.exchange("POST /api/customer/x HTTP/1.1\nHost: a\nContent-Length: 5\nExpect: 100-continue\n\n");
		assertRefused(answer, "401", "unauthenticated");
	}

	@Test
	void refusalsOfRequestsWithoutBodyLeaveTheConnectionOpen() {
		try (RawClient client = this.edge.client()) {
			client.send("GET /api/customer/x HTTP/1.1\nHost: a\n\n");
			assertThat(client.readAnswer()).startsWith("HTTP/1.1 401 ").doesNotContain("Connection: close");
			client.send("GET /nowhere HTTP/1.1\nHost: a\n\n");
			assertThat(client.readAnswer()).startsWith("HTTP/1.1 404 ");
			client.send("GET /public/x HTTP/1.1\nHost: a\n\n");
			assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("hello");
		}
	}

	@Test
	void theUpgradeToClearTextHttp2IsIgnored() {
		String answer = this.edge
			.exchange("GET /public/x HTTP/1.1\nHost: a\nConnection: Upgrade, HTTP2-Settings, close\n"
					+ "Upgrade: h2c\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\n\n");
		assertThat(answer).startsWith("HTTP/1.1 200 ");
		assertThat(this.origin.received()).doesNotContainIgnoringCase("upgrade").doesNotContainIgnoringCase("http2");
	}

	@Test
	void http10IsServedAndClosed() {
		assertThat(this.edge.exchange("GET /public/x HTTP/1.0\n\n")).startsWith("HTTP/1.1 200 ").endsWith("hello");
	}

	@Test
	void anEmptyLineBeforeARequestIsTolerated() {
		assertThat(this.edge.exchange("\nGET /public/x HTTP/1.1\nHost: a\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 200 ");
	}

	@Test
	void aHeadInSinglePiecesIsServedAsOne() throws InterruptedException {
		try (RawClient client = this.edge.client()) {
			for (char c : "GET /public/x HTTP/1.1\r\nHost: a\r\n\r\n".toCharArray()) {
				client.sendExactly(String.valueOf(c));
			}
			assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("hello");
			assertThat(client.staysOpen(Duration.ofMillis(100))).isTrue();
		}
	}

	private static void assertRefused(String answer, String status, String code) {
		assertThat(answer).startsWith("HTTP/1.1 " + status + " ")
			.contains("\r\nConnection: close\r\n")
			.contains("\r\nX-Gateway-Error: " + code + "\r\n")
			.contains("\"code\":\"" + code + "\"")
			.containsOnlyOnce("HTTP/1.1 ");
	}

}
