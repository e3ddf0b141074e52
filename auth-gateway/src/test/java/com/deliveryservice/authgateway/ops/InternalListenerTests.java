package com.deliveryservice.authgateway.ops;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.http.client.ReactorResourceFactory;

import com.deliveryservice.authgateway.forward.GuardedServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The internal listener by raw sockets: what it takes, and that the edge takes none of
 * it.
 */
@GatewayWithoutDatabase
class InternalListenerTests {

	private static final String INTERNAL = "local.internal.port";

	private static final String EDGE = "local.server.port";

	@Autowired
	private Environment environment;

	@Autowired
	private GuardedServer guarded;

	@Autowired
	private ReactorResourceFactory resources;

	@Autowired
	private InternalListener listener;

	@Test
	void everyAnswerHasARequestIdOfItsOwnAndTheSecurityHeaders() throws IOException {
		String answer = exchange(INTERNAL,
				"GET /actuator/health/liveness HTTP/1.1\r\nHost: a\r\nX-Request-Id: forged\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 200")
			.containsPattern("(?i)X-Request-Id: [0-9a-f-]{32,36}\r\n")
			.containsIgnoringCase("X-Content-Type-Options: nosniff\r\n")
			.containsIgnoringCase("Content-Security-Policy: frame-ancestors 'none'\r\n")
			.containsIgnoringCase("Strict-Transport-Security: max-age=31536000\r\n")
			.containsIgnoringCase("Cache-Control: no-store")
			.doesNotContain("forged");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/auth/sign-in", "/api/customer/x", "/", "/ACTUATOR/health", "/.well-known/jwks.json",
			"/auth/AddUser" })
	void whatIsNotInternalIsNotHere(String target) throws IOException {
		assertThat(exchange(INTERNAL, "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 404")
			.containsIgnoringCase("X-Gateway-Error: no-route\r\n")
			.containsIgnoringCase("Content-Type: application/problem+json")
			.containsIgnoringCase("X-Content-Type-Options: nosniff\r\n")
			.contains("\"code\":\"no-route\"", "\"request_id\":\"");
	}

	@Test
	void oauthsPathsOfTheOtherListenerAreNotHereEither() throws IOException {
		String post = "POST %s HTTP/1.1\r\nHost: a\r\n\r\n";
		for (String answer : List.of(exchange(INTERNAL, post.formatted("/oauth2/token")),
				exchange(EDGE, post.formatted("/oauth2/introspect")))) {
			assertThat(answer).startsWith("HTTP/1.1 404")
				.contains("X-Gateway-Error: no-route\r\n", "Content-Type: application/json\r\n")
				.endsWith("{\"error\":\"invalid_request\"}");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/Auth/AddUser", "/verify/nginx", "/verify/envoy/x", "/actuator/health/liveness",
			"/actuator/prometheus", "/actuator", "/ACTUATOR/health", "/%61ctuator/health" })
	void whatIsInternalIsNotOnTheEdge(String target) throws IOException {
		assertThat(exchange(EDGE, "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 404")
			.contains("\"code\":\"no-route\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator;/health", "//actuator/health", "/verify/../Auth/AddUser", "/actuator%2fhealth",
			"/auth/..;/actuator/health", "/actuator/./health", "/auth/%2e%2e/Auth/AddUser", "/actuator\\health",
			"http://evil/actuator/health" })
	void everyOtherSpellingIsRefusedOnBoth(String target) throws IOException {
		for (String port : List.of(INTERNAL, EDGE)) {
			assertThat(exchange(port, "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 400")
				.contains("\"code\":\"invalid-request\"");
		}
	}

	@Test
	void clearTextHttp2IsNotSpoken() throws IOException {
		assertThat(exchange(INTERNAL, """
				GET /actuator/health/liveness HTTP/1.1\r
				Host: a\r
				Connection: Upgrade, HTTP2-Settings\r
				Upgrade: h2c\r
				HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r
				\r
				""")).doesNotContain("101");
	}

	@Test
	void aHeaderBlockThatIsTooLongIsRefused() throws IOException {
		assertThat(exchange(INTERNAL,
				"GET /actuator/health HTTP/1.1\r\nHost: a\r\nX-A: " + "a".repeat(17_000) + "\r\n\r\n"))
			.startsWith("HTTP/1.1 431");
	}

	@Test
	void aHeadThatNeverEndsIsNotWaitedFor() throws IOException {
		assertThat(raw(INTERNAL, "GET /actuator/health HTTP/1.1\r\nHost: ")).startsWith("HTTP/1.1 408");
	}

	@Test
	void aTakenPortIsSaidInOneLine() throws IOException {
		try (ServerSocket taken = new ServerSocket(0)) {
			InternalListener other = new InternalListener(new InternalSettings(taken.getLocalPort(), null, List.of()),
					this.guarded, this.resources, new StandardEnvironment());
			assertThatThrownBy(other::start).isInstanceOf(PortTakenException.class)
				.hasMessage("auth-gateway.internal.port: " + taken.getLocalPort() + " (already in use)");
			assertThat(other.isRunning()).isFalse();
		}
	}

	@Test
	void itOpensBeforeTheEdgeAndClosesAfterIt() {
		assertThat(this.listener.getPhase()).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE)
			.isLessThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
	}

	private String exchange(String port, String request) throws IOException {
		return raw(port, request.replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n"));
	}

	/** Sends bytes as they are, and reads to the end of the connection. */
	private String raw(String port, String request) throws IOException {
		try (Socket socket = new Socket("localhost", this.environment.getRequiredProperty(port, Integer.class))) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
			socket.getOutputStream().flush();
			try (InputStream in = socket.getInputStream()) {
				return new String(in.readAllBytes(), StandardCharsets.UTF_8);
			}
		}
	}

}
