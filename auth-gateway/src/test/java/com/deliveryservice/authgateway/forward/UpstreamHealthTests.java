package com.deliveryservice.authgateway.forward;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A backend that is ill costs its own users only, and not for longer than it is ill. */
class UpstreamHealthTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final String GET = "GET /ill/x HTTP/1.1\nHost: a\nConnection: close\n\n";

	private static final String POST = "POST /ill/x HTTP/1.1\nHost: a\nContent-Length: 2\nConnection: close\n\nhi";

	private final CapturingOrigin well = CapturingOrigin.start(CapturingOrigin.hello());

	private final CapturingOrigin ill = CapturingOrigin.start(CapturingOrigin.hello());

	private EdgeUnderTest edge = edge("http://localhost:" + this.ill.port());

	@AfterEach
	void stop() {
		Awaitility.await().atMost(SOON).until(() -> this.edge.inFlight() == 0);
		this.edge.close();
		this.well.close();
		this.ill.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aBackendThatFailsInARowIsLeftAloneAndTriedAgain(boolean byReset) {
		this.ill.script((connection) -> {
			connection.readRequest();
			if (byReset) {
				connection.reset();
			}
		});
		for (int i = 0; i < 5; i++) {
			assertThat(this.edge.exchange(POST)).startsWith("HTTP/1.1 502 ");
		}
		int asked = this.ill.connections().size();
		assertThat(asked).isEqualTo(5);
		assertThat(this.edge.exchange(POST)).startsWith("HTTP/1.1 503 ")
			.contains("X-Gateway-Error: upstream-unavailable")
			.containsPattern("Retry-After: [12]\r\n");
		assertThat(this.ill.connections()).hasSize(asked);
		assertThat(this.edge.exchange(GET.replace("/ill/", "/well/"))).startsWith("HTTP/1.1 200 ");
		this.ill.script(CapturingOrigin.hello());
		Awaitility.await().atMost(SOON).until(() -> this.edge.exchange(GET).startsWith("HTTP/1.1 200 "));
		assertThat(this.edge.exchange(GET)).startsWith("HTTP/1.1 200 ");
	}

	@Test
	void whatABackendAnswersIsNoFailure() {
		this.ill.script(CapturingOrigin.answering("HTTP/1.1 500 No\nContent-Length: 0\n\n"));
		for (int i = 0; i < 12; i++) {
			assertThat(this.edge.exchange(GET)).startsWith("HTTP/1.1 500 ");
		}
	}

	@Test
	void aClientThatLeavesDuringTheTrialBlocksNobody() {
		this.ill.script((connection) -> {
			connection.readRequest();
			connection.reset();
		});
		for (int i = 0; i < 5; i++) {
			this.edge.exchange(POST);
		}
		CountDownLatch trial = new CountDownLatch(1);
		this.ill.script((connection) -> {
			connection.readRequest();
			trial.countDown();
			connection.readToEnd();
		});
		Awaitility.await().atMost(SOON).until(() -> {
			try (RawClient client = this.edge.client()) {
				client.send(POST);
				return trial.await(50, TimeUnit.MILLISECONDS);
			}
		});
		this.ill.script(CapturingOrigin.hello());
		Awaitility.await().atMost(SOON).until(() -> this.edge.exchange(GET).startsWith("HTTP/1.1 200 "));
	}

	@Test
	void aReadIsSentOnceMoreAndAnOrderNever() {
		this.ill.script((connection) -> {
			connection.readRequest();
			connection.reset();
		});
		assertThat(this.edge.exchange(GET)).startsWith("HTTP/1.1 502 ");
		assertThat(this.ill.connections()).hasSize(2);
		assertThat(this.edge.exchange(POST)).startsWith("HTTP/1.1 502 ");
		assertThat(this.ill.connections()).hasSize(3);
	}

	@Test
	void ofTwoAddressesADeadOneIsNoticedByNobody() throws IOException {
		int dead;
		try (ServerSocket closed = new ServerSocket(0)) {
			dead = closed.getLocalPort();
		}
		use("http://localhost:" + dead + ",http://localhost:" + this.well.port());
		for (int i = 0; i < 20; i++) {
			assertThat(this.edge.exchange(GET)).startsWith("HTTP/1.1 200 ");
		}
	}

	@Test
	void ofTwoAddressesOneThatResetsIsPassedOver() {
		this.ill.script((connection) -> {
			connection.readRequest();
			connection.reset();
		});
		use("http://localhost:" + this.ill.port() + ",http://localhost:" + this.well.port());
		for (int i = 0; i < 20; i++) {
			assertThat(this.edge.exchange(GET)).startsWith("HTTP/1.1 200 ");
		}
		assertThat(this.ill.connections().size()).isLessThan(10);
	}

	@Test
	void twoGoodAddressesShareTheConnections() {
		use("http://localhost:" + this.ill.port() + ",http://localhost:" + this.well.port());
		CountDownLatch free = new CountDownLatch(1);
		CapturingOrigin.Script holding = (connection) -> {
			connection.readRequest();
			free.await(10, TimeUnit.SECONDS);
			connection.write("HTTP/1.1 200 OK\nContent-Length: 0\n\n");
			connection.readToEnd();
		};
		this.ill.script(holding);
		this.well.script(holding);
		RawClient[] clients = new RawClient[10];
		for (int i = 0; i < clients.length; i++) {
			int opened = i + 1;
			clients[i] = this.edge.client();
			clients[i].send(GET);
			Awaitility.await()
				.atMost(SOON)
				.until(() -> this.ill.connections().size() + this.well.connections().size() == opened);
		}
		assertThat(this.ill.connections()).hasSize(5);
		free.countDown();
		for (RawClient client : clients) {
			assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ");
			client.close();
		}
	}

	private void use(String upstream) {
		this.edge.close();
		this.edge = edge(upstream);
	}

	private EdgeUnderTest edge(String upstream) {
		return EdgeUnderTest.with()
			.route("ill", "/ill/**", this.ill.port(), "access.anonymous", "true", "upstream", upstream)
			.route("well", "/well/**", this.well.port(), "access.anonymous", "true")
			.start();
	}

}
