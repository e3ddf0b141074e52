package com.deliveryservice.authgateway.forward;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerConfig;

import com.deliveryservice.authgateway.testing.Certificate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The waits that Reactor Netty leaves infinite, each of them ended by the edge, whether
 * the client speaks in clear text, by TLS or by HTTP/2. The upstream's are in
 * {@link WaitTests}.
 */
class InfiniteDefaultTests {

	private static final Certificate CERTIFICATE = Certificate.ofLocalhost();

	private final CapturingOrigin origin = CapturingOrigin.start((connection) -> {
		byte[] piece = new byte[65536];
		connection.readRequest();
		connection.write("HTTP/1.1 200 OK\nContent-Length: 1073741824\n\n");
		for (int i = 0; i < 16384; i++) {
			connection.write(piece);
		}
	});

	@AfterEach
	void stop() {
		this.origin.close();
	}

	/** If one of these gets a default some day, it may be one of ours to look at. */
	@Test
	void theseAreInfiniteInReactorNetty() {
		HttpServerConfig server = HttpServer.create().configuration();
		assertThat(server.idleTimeout()).isNull();
		assertThat(server.readTimeout()).isNull();
		assertThat(server.requestTimeout()).isNull();
		assertThat(server.maxKeepAliveRequests()).isEqualTo(-1);
		assertThat(HttpClient.create().configuration().responseTimeout()).isNull();
	}

	/** What a client may be waited for. */
	enum Wait {

		/** {@code idleTimeout}, before the first request. */
		NOTHING("", false),

		/** No name of its own: the time of a head. */
		HALF_A_HEAD("GET /public/x HTTP/1.1\nHo", false),

		/** {@code idleTimeout}, behind an answer. */
		NEXT_REQUEST("GET /own HTTP/1.1\nHost: a\n\n", false),

		/** {@code readTimeout}. */
		REST_OF_A_BODY("POST /public/x HTTP/1.1\nHost: a\nContent-Length: 1000\n\na", false),

		/** {@code requestTimeout}. */
		DRIBBLED_BODY("POST /public/x HTTP/1.1\nHost: a\nContent-Length: 1000\n\na", true),

		/** No name of its own: a write that the client does not take. */
		ANSWER_TAKEN("GET /public/x HTTP/1.1\nHost: a\n\n", false);

		private final String sent;

		private final boolean dribbles;

		Wait(String sent, boolean dribbles) {
			this.sent = sent;
			this.dribbles = dribbles;
		}

	}

	@ParameterizedTest
	@EnumSource
	void isEndedInClearText(Wait wait) {
		try (EdgeUnderTest edge = edge().start(); RawClient client = edge.client()) {
			ends(edge, wait, client);
		}
	}

	@ParameterizedTest
	@EnumSource
	void isEndedByTls(Wait wait) {
		try (EdgeUnderTest edge = edge().tls(CERTIFICATE).start();
				RawClient client = RawClient.tls(edge.port(), CERTIFICATE, "http/1.1")) {
			ends(edge, wait, client);
		}
	}

	@ParameterizedTest
	@EnumSource
	void isEndedByHttp2(Wait wait) throws IOException {
		try (EdgeUnderTest edge = edge().tls(CERTIFICATE).start();
				Http2RawClient client = Http2RawClient.to(edge, CERTIFICATE)) {
			client.frame(Http2RawClient.SETTINGS, 0, 0, new byte[] { 0, 4, 127, -1, -1, -1 });
			client.frame(Http2RawClient.WINDOW_UPDATE, 0, 0, new byte[] { 127, -1, 0, 0 });
			switch (wait) {
				case NOTHING -> {
				}
				case HALF_A_HEAD -> client.frame(Http2RawClient.HEADERS, Http2RawClient.END_STREAM, 1,
						Http2RawClient.block(":method", "GET"));
				case NEXT_REQUEST -> client.request(1, true, "GET", "/own");
				case REST_OF_A_BODY, DRIBBLED_BODY -> client.request(1, false, "POST", "/public/x").data(1, false, "a");
				case ANSWER_TAKEN -> client.request(1, true, "GET", "/public/x");
			}
			ends(edge, wait.dribbles ? () -> client.data(1, false, "a") : () -> {
			});
		}
	}

	private static void ends(EdgeUnderTest edge, Wait wait, RawClient client) {
		client.sendBytes(wait.sent.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
		ends(edge, wait.dribbles ? () -> client.sendExactly("a") : () -> {
		});
	}

	/** The client stays, and would for ever. */
	private static void ends(EdgeUnderTest edge, Runnable meanwhile) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
			meanwhile.run();
			return edge.connections() == 0;
		});
		assertThat(edge.inFlight()).isZero();
	}

	private EdgeUnderTest.Builder edge() {
		return EdgeUnderTest.to(this.origin)
			.and("edge.header-timeout", "1s", "edge.body-timeout", "500ms", "edge.write-timeout", "500ms",
					"edge.keep-alive", "1s", "edge.request-timeout", "1s");
	}

}
