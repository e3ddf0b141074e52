package com.deliveryservice.authgateway.forward;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;

import com.deliveryservice.authgateway.testing.Certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The edge by HTTP/2, as an ordinary client sees it: the JDK's. */
class Http2EdgeTests {

	private static final Certificate CERTIFICATE = Certificate.ofLocalhost();

	private final CapturingOrigin origin = CapturingOrigin.start(CapturingOrigin.hello());

	private EdgeUnderTest edge;

	private HttpClient client;

	@BeforeEach
	void start() {
		this.edge = EdgeUnderTest.to(this.origin)
			.tls(CERTIFICATE)
			.start((request, response) -> DataBufferUtils.join(request.getBody())
				.map((body) -> body.toString(StandardCharsets.UTF_8))
				.defaultIfEmpty("nothing")
				.flatMap((body) -> {
					response.setStatusCode(HttpStatus.CREATED);
					response.getHeaders().set("X-Api", String.valueOf(request.getRemoteAddress()));
					byte[] bytes = (request.getMethod() + " " + request.getURI() + " " + body)
						.getBytes(StandardCharsets.UTF_8);
					return response.writeWith(reactor.core.publisher.Mono.just(response.bufferFactory().wrap(bytes)));
				}));
		this.client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_2)
			.sslContext(CERTIFICATE.context())
			.connectTimeout(Duration.ofSeconds(5))
			.build();
	}

	@AfterEach
	void stop() {
		this.edge.close();
		this.origin.close();
	}

	@Test
	void aRequestIsForwardedWithIdentityAndTheAnswerComesBack() throws Exception {
		HttpResponse<String> answer = send(
				request("/api/customer/orders?a=b").header("Authorization", "Bearer customer")
					.header("X-Auth-User-Id", "spoofed")
					.header("x_auth_scopes", "spoofed"));
		assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo("hello");
		assertThat(answer.headers().firstValue("x-request-id")).isPresent();
		assertThat(this.origin.received()).startsWith("GET /orders?a=b HTTP/1.1\r\n")
			.contains("X-Auth-User-Id: " + EdgeUnderTest.USER + "\r\n")
			.contains("Via: 2.0 auth-gateway\r\n")
			.contains("X-Forwarded-Proto: https\r\n")
			.contains("X-Forwarded-Host: localhost:" + this.edge.port() + "\r\n")
			.doesNotContain("spoofed")
			.doesNotContainIgnoringCase("x-http2")
			.doesNotContain("Bearer");
	}

	@Test
	void aBodyOfKnownLengthArrivesWithItAndOneOfUnknownInChunks() throws Exception {
		String body = "x".repeat(300_000);
		send(request("/public/a").POST(BodyPublishers.ofString(body)));
		assertThat(this.origin.received()).contains("Content-Length: 300000\r\n").endsWith("\r\n\r\n" + body);
		send(request("/public/b").POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("abc"))));
		assertThat(this.origin.received()).contains("Transfer-Encoding: chunked\r\n").endsWith("3\r\nabc\r\n0\r\n\r\n");
	}

	@Test
	void aLongAnswerWithoutALengthComesWhole() throws Exception {
		String chunk = "y".repeat(10_000);
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
			for (int i = 0; i < 100; i++) {
				connection.write("2710\n" + chunk + "\n");
			}
			connection.write("0\n\n");
		});
		HttpResponse<String> answer = send(request("/public/long"));
		assertThat(answer.body()).hasSize(1_000_000);
		assertThat(answer.headers().firstValue("transfer-encoding")).isEmpty();
	}

	@Test
	void manyRequestsShareOneConnection() throws Exception {
		send(request("/public/first"));
		List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
		for (int i = 0; i < 60; i++) {
			answers.add(this.client.sendAsync(request("/public/" + i).build(), BodyHandlers.ofString()));
		}
		assertThat(answers)
			.allSatisfy((answer) -> assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("hello"));
		assertThat(this.edge.connections()).isOne();
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.inFlight() == 0);
	}

	@Test
	void theApiLaneIsServed() throws Exception {
		HttpResponse<String> got = send(request("/auth/me?x=y"));
		assertThat(got.statusCode()).isEqualTo(201);
		assertThat(got.body()).isEqualTo("GET https://localhost:" + this.edge.port() + "/auth/me?x=y nothing");
		assertThat(got.headers().firstValue("x-api").orElseThrow()).contains("127.0.0.1");
		assertThat(got.headers().firstValue("x-content-type-options")).contains("nosniff");
		HttpResponse<String> posted = send(
				request("/auth/sign-in").POST(BodyPublishers.ofString("{\"login\":\"anna\"}")));
		assertThat(posted.body()).endsWith("{\"login\":\"anna\"}");
		assertThat(this.edge.inFlight()).isZero();
	}

	@Test
	void refusalsAreProblems() throws Exception {
		HttpResponse<String> anonymous = send(request("/api/customer/orders"));
		assertThat(anonymous.statusCode()).isEqualTo(401);
		assertThat(anonymous.headers().firstValue("www-authenticate")).contains("Bearer realm=\"auth-gateway\"");
		assertThat(anonymous.headers().firstValue("x-gateway-error")).contains("unauthenticated");
		assertThat(anonymous.headers().firstValue("connection")).isEmpty();
		assertThat(anonymous.body()).contains("\"code\":\"unauthenticated\"");
		assertThat(send(request("/nowhere")).statusCode()).isEqualTo(404);
		assertThat(send(request("/public/a%2fb")).statusCode()).isEqualTo(400);
		assertThat(this.edge.connections()).isOne();
	}

	@Test
	void aRefusedUploadIsToldWhyAndTheConnectionGoesOn() throws Exception {
		HttpResponse<String> answer = send(request("/api/customer/upload")
			.POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[2_000_000]))));
		assertThat(answer.statusCode()).isEqualTo(401);
		assertThat(answer.body()).contains("unauthenticated");
		assertThat(send(request("/public/next")).body()).isEqualTo("hello");
		assertThat(this.edge.connections()).isOne();
	}

	@Test
	void headAndNoContentHaveNoBody() throws Exception {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Length: 77\nConnection: close\n\n");
		});
		HttpResponse<String> head = send(request("/public/a").method("HEAD", BodyPublishers.noBody()));
		assertThat(head.statusCode()).isEqualTo(200);
		assertThat(head.headers().firstValue("content-length")).contains("77");
		this.origin.script(CapturingOrigin.answering("HTTP/1.1 204 No Content\n\n"));
		assertThat(send(request("/public/b").DELETE()).statusCode()).isEqualTo(204);
	}

	@Test
	void anAnswerThatTheBackendCutsOffIsCutOff() {
		for (boolean reset : new boolean[] { false, true }) {
			this.origin.script((connection) -> {
				connection.readRequest();
				connection.write("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n");
				if (reset) {
					connection.reset();
				}
			});
			assertThatThrownBy(() -> send(request("/public/cut" + reset))).isInstanceOf(IOException.class);
		}
		assertThat(this.edge.metered("public", "truncated")).isEqualTo(2);
	}

	@Test
	void aDeadBackendIsABadGateway() throws Exception {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.reset();
		});
		assertThat(send(request("/public/x").POST(BodyPublishers.ofString("a"))).statusCode()).isEqualTo(502);
	}

	@Test
	void aSignInWithoutRoomIsOverloaded() throws Exception {
		HttpRequest.Builder signIn = request("/auth/sign-in").POST(BodyPublishers.ofString("{}"));
		this.edge.noRoomForSignIns = true;
		HttpResponse<String> refused = send(signIn);
		assertThat(refused.statusCode()).isEqualTo(503);
		assertThat(refused.headers().firstValue("x-gateway-error")).hasValue("overloaded");
		assertThat(refused.headers().firstValue("retry-after")).hasValue("2");
		this.edge.noRoomForSignIns = false;
		assertThat(send(signIn).statusCode()).isEqualTo(201);
	}

	@Test
	void anEventIsThereAtOnceAndTheStreamEndsWithTheSession() throws Exception {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Type: text/event-stream\n\ndata: 1\r\n\r\n");
			connection.readToEnd();
		});
		HttpResponse<java.io.InputStream> answer = this.client.send(
				request("/api/customer/sse").header("Authorization", "Bearer customer").build(),
				BodyHandlers.ofInputStream());
		byte[] first = answer.body().readNBytes(11);
		assertThat(new String(first, StandardCharsets.US_ASCII)).isEqualTo("data: 1\r\n\r\n");
		assertThat(this.edge.streams()).isOne();
		this.edge.end(EdgeUnderTest.SESSION);
		assertThat(answer.body().read()).isEqualTo(-1);
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.streams() == 0);
	}

	@Test
	void drainingSaysGoAwayAndLetsRequestsEnd() throws Exception {
		CountDownLatch draining = new CountDownLatch(1);
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Length: 5\n\nhe");
			if (draining.await(5, TimeUnit.SECONDS)) {
				connection.write("llo");
			}
		});
		CompletableFuture<HttpResponse<String>> answer = this.client.sendAsync(request("/public/slow").build(),
				BodyHandlers.ofString());
		this.origin.connection();
		this.edge.drain();
		draining.countDown();
		assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("hello");
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.connections() == 0);
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("https://localhost:" + this.edge.port() + path))
			.timeout(Duration.ofSeconds(10));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

}
