package com.deliveryservice.authgateway.workflowauth;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.handler.ssl.SslContextBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider;

import com.deliveryservice.authgateway.devstack.Misbehaviour;
import com.deliveryservice.authgateway.devstack.WorkflowAuthStandIn;
import com.deliveryservice.authgateway.testing.Certificate;

import static com.deliveryservice.authgateway.workflowauth.ClientUnderTest.WAIT;
import static com.deliveryservice.authgateway.workflowauth.Operation.GET_TOKEN_BY_USER_UID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Connections to workflow-auth: what is never done on them.
 */
class ExchangeTests {

	@Test
	void aRefusedConnectionIsAnOutage() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		try (ClientUnderTest client = ClientUnderTest.of("http://localhost:" + port)) {
			assertThat(fails(client)).isEqualTo("connect");
		}
	}

	@Test
	void aHostThatDoesNotExistIsAnOutage() {
		try (ClientUnderTest client = ClientUnderTest.of("http://workflow-auth.invalid:7252")) {
			assertThat(fails(client)).isIn("connect", "timeout");
		}
	}

	@Test
	void aHostThatTakesNoConnectionIsAnOutageAfterTheConnectTimeout() throws IOException {
		List<Socket> waiting = new ArrayList<>();
		try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			fill(full, waiting);
			WorkflowAuthSettings settings = new WorkflowAuthSettings("http://127.0.0.1:" + full.getLocalPort(),
					Duration.ofMillis(200), Duration.ofSeconds(8), "UTC", null, null, 5, null);
			try (ClientUnderTest client = ClientUnderTest.of(settings)) {
				assertThat(fails(client)).isEqualTo("connect");
			}
		}
		finally {
			for (Socket socket : waiting) {
				socket.close();
			}
		}
	}

	@Test
	void aRedirectIsNotFollowed() {
		AtomicInteger visits = new AtomicInteger();
		DisposableServer elsewhere = HttpServer.create().host("localhost").handle((request, response) -> {
			visits.incrementAndGet();
			return response.send();
		}).bindNow();
		try (WorkflowAuthStandIn standIn = WorkflowAuthStandIn.start(0, null, null, null);
				ClientUnderTest client = ClientUnderTest.of(standIn.baseUrl())) {
			for (int status : new int[] { 301, 302, 307, 308 }) {
				standIn.misbehave(null, Misbehaviour.answering(status,
						Map.of("Location", "http://localhost:" + elsewhere.port() + "/x"), new byte[0]));
				assertThat(fails(client)).isEqualTo("status");
			}
			assertThat(visits).hasValue(0);
		}
		finally {
			elsewhere.disposeNow();
		}
	}

	@Test
	void aCallIsNeverSentTwiceNotEvenOnAConnectionThatWasGoodBefore() {
		try (WorkflowAuthStandIn standIn = WorkflowAuthStandIn.start(0, null, null, null);
				ClientUnderTest client = ClientUnderTest.of(standIn.baseUrl())) {
			assertThat(client.call(GET_TOKEN_BY_USER_UID).block(WAIT)).isNotNull();
			standIn.misbehave(null, Misbehaviour.refuse());
			assertThat(fails(client)).isEqualTo("connection");
			assertThat(standIn.calls(com.deliveryservice.authgateway.devstack.Operation.GET_TOKEN_BY_USER_UID))
				.hasSize(2);
		}
	}

	@Test
	void asksForNothingPackedAndTellsTheLength() {
		List<String> headers = new ArrayList<>();
		DisposableServer server = HttpServer.create().host("localhost").handle((request, response) -> {
			request.requestHeaders().forEach((header) -> headers.add(header.getKey() + "=" + header.getValue()));
			return response.send();
		}).bindNow();
		try (ClientUnderTest client = ClientUnderTest.of("http://localhost:" + server.port() + "/")) {
			assertThat(fails(client)).isEqualTo("malformed");
			assertThat(headers.toString().toLowerCase(Locale.ROOT)).doesNotContain("accept-encoding")
				.contains("content-length=50", "content-type=application/json", "accept=application/json");
		}
		finally {
			server.disposeNow();
		}
	}

	@Test
	void anEndlessAnswerIsLeftAtTheCap() {
		AtomicInteger sent = new AtomicInteger();
		Flux<byte[]> endless = Flux.generate(() -> new byte[1024], (part, sink) -> {
			sent.incrementAndGet();
			sink.next(part);
			return part;
		});
		AtomicInteger left = new AtomicInteger();
		DisposableServer server = HttpServer.create()
			.host("localhost")
			.handle((request, response) -> response.header("Content-Type", "application/json")
				.sendByteArray(endless.delayElements(Duration.ofMillis(1)).doOnCancel(left::incrementAndGet)))
			.bindNow();
		try (ClientUnderTest client = ClientUnderTest.of("http://localhost:" + server.port())) {
			assertThat(fails(client)).isEqualTo("too-large");
			await().atMost(WAIT).untilAsserted(() -> assertThat(left).hasValue(1));
			assertThat(sent.get()).isLessThan(4 * Exchange.LARGEST / 1024);
		}
		finally {
			server.disposeNow();
		}
	}

	@Test
	void theWholeAnswerIsBoundedInTimeNotOnlyItsFirstByte() {
		DisposableServer server = HttpServer.create()
			.host("localhost")
			.handle((request, response) -> response.header("Content-Type", "application/json")
				.sendByteArray(Flux.interval(Duration.ofMillis(50)).map((tick) -> new byte[] { ' ' })))
			.bindNow();
		WorkflowAuthSettings settings = ClientUnderTest.settings("http://localhost:" + server.port(),
				Duration.ofMillis(400), 5);
		try (ClientUnderTest client = ClientUnderTest.of(settings)) {
			assertThat(fails(client)).isEqualTo("timeout");
		}
		finally {
			server.disposeNow();
		}
	}

	@Test
	void httpsIsTrustedOnlyWithAKnownCertificateOfThatHost(@TempDir Path folder) throws Exception {
		Certificate certificate = Certificate.of(folder, "dns:localhost");
		DisposableServer server = https(certificate);
		String url = "https://localhost:" + server.port();
		String otherHost = "https://127.0.0.1:" + server.port();
		try (ClientUnderTest good = ClientUnderTest.trusting(url, certificate.trust());
				ClientUnderTest unknown = ClientUnderTest.of(url);
				ClientUnderTest wrongHost = ClientUnderTest.trusting(otherHost, certificate.trust())) {
			assertThat(good.call(GET_TOKEN_BY_USER_UID).blockOptional(WAIT)).isEmpty();
			assertThat(fails(unknown)).isEqualTo("tls");
			assertThat(fails(wrongHost)).isEqualTo("tls");
		}
		finally {
			server.disposeNow();
		}
	}

	private static String fails(ClientUnderTest client) {
		return assertThatExceptionOfType(WorkflowAuthUnavailableException.class)
			.isThrownBy(() -> client.call(GET_TOKEN_BY_USER_UID).block(WAIT))
			.actual()
			.reason();
	}

	/**
	 * Linux completes a few connections more than the backlog says; then it is silent.
	 */
	private static void fill(ServerSocket full, List<Socket> waiting) throws IOException {
		for (int connection = 0; connection < 4; connection++) {
			Socket socket = new Socket();
			waiting.add(socket);
			try {
				socket.connect(full.getLocalSocketAddress(), 200);
			}
			catch (SocketTimeoutException ex) {
				return;
			}
		}
	}

	private static DisposableServer https(Certificate certificate) throws Exception {
		SslProvider.GenericSslContextSpec<SslContextBuilder> context = Http11SslContextSpec
			.forServer(certificate.keys());
		return HttpServer.create()
			.host("localhost")
			.secure((ssl) -> ssl.sslContext(context))
			.handle((request, response) -> response.header("Content-Type", "application/json")
				.sendString(Mono.just("{\"tokenGuid\":\"\"}")))
			.bindNow();
	}

}
