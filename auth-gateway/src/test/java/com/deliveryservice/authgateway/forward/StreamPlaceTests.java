package com.deliveryservice.authgateway.forward;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Streams stay for hours; they do not take the place of requests. */
class StreamPlaceTests {

	private static final String GET = "GET /public/x HTTP/1.1\nHost: a\n\n";

	private final CapturingOrigin origin = CapturingOrigin.start((connection) -> {
		while (connection.readRequest()) {
			if (connection.received().contains("/sse")) {
				connection.write("HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n");
				connection.write("3\none\n");
				connection.readUntil("GET /never");
			}
			connection.write("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello");
		}
	});

	@AfterEach
	void stop() {
		this.origin.close();
	}

	@Test
	void aStreamLeavesItsPlaceToARequest() {
		try (EdgeUnderTest edge = edge("10"); RawClient stream = edge.client(); RawClient other = edge.client()) {
			stream.send("GET /public/sse HTTP/1.1\nHost: a\n\n").readUntil("one");
			assertThat(other.send(GET).readAnswer()).startsWith("HTTP/1.1 200 ");
			assertThat(edge.upstreamConnections()).isEqualTo(2);
			stream.finish();
			other.finish();
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> edge.upstreamConnections() <= 1);
			try (RawClient next = edge.client()) {
				assertThat(next.send(GET).readAnswer()).startsWith("HTTP/1.1 200 ");
			}
		}
	}

	@Test
	void oneStreamMoreThanAllowedCountsAsARequest() {
		try (EdgeUnderTest edge = edge("0"); RawClient stream = edge.client(); RawClient other = edge.client()) {
			stream.send("GET /public/sse HTTP/1.1\nHost: a\n\n").readUntil("one");
			assertThat(other.send(GET).readAnswer()).startsWith("HTTP/1.1 503 ");
		}
	}

	@Test
	void aConnectionWhoseStreamEndedInOrderIsUsedAgain() {
		this.origin.script((connection) -> {
			while (connection.readRequest()) {
				connection.write("HTTP/1.1 200 OK\nContent-Type: text/event-stream\nContent-Length: 5\n\nhello");
			}
		});
		try (EdgeUnderTest edge = edge("10"); RawClient client = edge.client()) {
			for (int i = 0; i < 3; i++) {
				assertThat(client.send(GET).readAnswer()).endsWith("hello");
			}
			assertThat(this.origin.connections()).hasSize(1);
			assertThat(edge.upstreamConnections()).isOne();
		}
	}

	private EdgeUnderTest edge(String maxStreams) {
		return EdgeUnderTest.to(this.origin)
			.and("upstream.max-connections", "1", "upstream.max-waiting", "10", "upstream.max-streams", maxStreams)
			.start();
	}

}
