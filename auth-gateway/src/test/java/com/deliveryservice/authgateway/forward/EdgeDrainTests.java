package com.deliveryservice.authgateway.forward;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The way out: nothing that was begun is lost, and nobody is surprised. */
class EdgeDrainTests {

	private static final Duration SOON = Duration.ofSeconds(5);

	private final CapturingOrigin origin = CapturingOrigin.start(CapturingOrigin.hello());

	private final EdgeUnderTest edge = EdgeUnderTest.to(this.origin).and("edge.stream-drain", "2s").start();

	@AfterEach
	void stop() {
		this.edge.close();
		this.origin.close();
	}

	@Test
	void eachAnswerSaysThatTheConnectionClosesAndItDoes() {
		try (RawClient kept = this.edge.client()) {
			assertThat(kept.send("GET /public/x HTTP/1.1\nHost: a\n\n").readAnswer())
				.doesNotContain("Connection: close");
			this.edge.drain();
			assertThat(kept.send("GET /public/x HTTP/1.1\nHost: a\n\n").readToEnd())
				.contains("\r\nConnection: close\r\n")
				.endsWith("hello");
		}
	}

	@Test
	void aRequestUnderWayAndAHalfSentUploadAreAnswered() throws InterruptedException {
		CountDownLatch asked = new CountDownLatch(2);
		CountDownLatch answer = new CountDownLatch(1);
		this.origin.script((connection) -> {
			connection.readUntil("\r\n\r\n");
			asked.countDown();
			answer.await(10, TimeUnit.SECONDS);
			connection.readUntil("whole");
			connection.write("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello");
			connection.readToEnd();
		});
		try (RawClient slow = this.edge.client(); RawClient uploading = this.edge.client()) {
			slow.send("POST /public/x HTTP/1.1\nHost: a\nContent-Length: 5\n\nwhole");
			uploading.send("POST /public/x HTTP/1.1\nHost: a\nContent-Length: 9\n\nthe ");
			assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
			this.edge.drain();
			answer.countDown();
			assertThat(slow.readToEnd()).contains("\r\nConnection: close\r\n").endsWith("hello");
			uploading.sendExactly("whole");
			assertThat(uploading.readToEnd()).contains("\r\nConnection: close\r\n").endsWith("hello");
		}
		Awaitility.await().atMost(SOON).until(() -> this.edge.inFlight() == 0);
	}

	@Test
	void theEndWaitsForWhatIsUnderWayAndNotLonger() throws InterruptedException {
		CountDownLatch answer = new CountDownLatch(1);
		this.origin.script((connection) -> {
			connection.readRequest();
			answer.await(10, TimeUnit.SECONDS);
			connection.write("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello");
			connection.readToEnd();
		});
		CountDownLatch drained = new CountDownLatch(1);
		try (RawClient client = this.edge.client()) {
			client.send("GET /public/x HTTP/1.1\nHost: a\n\n");
			Awaitility.await().atMost(SOON).until(() -> this.edge.inFlight() == 1);
			this.edge.drainer().stop(drained::countDown);
			assertThat(drained.await(300, TimeUnit.MILLISECONDS)).isFalse();
			answer.countDown();
			assertThat(client.readToEnd()).endsWith("hello");
		}
		assertThat(drained.await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void eventStreamsEndInOrderAndNotAllAtOnce() {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Type: text/event-stream\n\ndata: a\n");
			connection.readToEnd();
		});
		List<RawClient> clients = new ArrayList<>();
		try {
			for (int i = 0; i < 20; i++) {
				RawClient client = this.edge.client();
				clients.add(client);
				client.send("GET /public/sse HTTP/1.1\nHost: a\n\n").readUntil("data: a");
			}
			assertThat(this.edge.streams()).isEqualTo(20);
			this.edge.drain();
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> this.edge.streams() < 20);
			assertThat(this.edge.streams()).isPositive();
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> this.edge.streams() == 0);
			clients.forEach((client) -> assertThat(client.readToEnd()).endsWith("\r\n0\r\n\r\n"));
		}
		finally {
			clients.forEach(RawClient::close);
		}
	}

}
