package com.deliveryservice.authgateway.forward;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Section B of the security bar: what is authorised is what the backend sees. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TargetTests {

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
	@ValueSource(strings = { "/public/../manager/x", "/public/./../manager/x", "//manager/x", "/public//../manager/x",
			"/public/%2e%2e/manager/x", "/public/..%2fmanager/x", "/%2e/manager/x", "/manager%2fx", "/manager%2Fx",
			"/public/..;/manager/x", "/manager;a=b/x", "/;/manager/x", "/%252e%252e/manager/x", "/public/%25",
			"/%u002e", "/public/a%", "/public/a%z", "/public/a%zz", "/public/a\\b", "/public/a%5cb", "/public/%00",
			"/public/%0a", "/public/%7f", "/public#/../manager/x", "/public/x?a#b", "http://evil/manager/x", "public/x",
			"*", "/public/\u00e9", "/public/%c0%ae", "/public/%ff", "/public/..", "/public/.", "/public/a|b",
			"/public/<x>", "/public/x?a=\u00e9", "/public/%3bx" })
	void anOddTargetIsRefused(String target) {
		int before = this.origin.received().length();
		String answer = this.edge.exchange("GET " + target + " HTTP/1.1\nHost: a\nAuthorization: Bearer manager\n\n");
		assertThat(answer).startsWith("HTTP/1.1 400 ")
			.contains("X-Gateway-Error: invalid-request")
			.contains("Connection: close")
			.doesNotContain("manager/x");
		assertThat(this.origin.received()).hasSize(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/MANAGER/x", "/Manager/x", "/", "/api", "/api/customerx", "/actuator/health",
			"/Auth/AddUser", "/verify/nginx", "/oauth2/introspect", "/%61ctuator/health", "/auth", "/oauth2/token/",
			"/%61uth/me" })
	void whatHasNoRouteIsNotForwarded(String target) {
		String answer = this.edge
			.exchange("GET " + target + " HTTP/1.1\nHost: a\nAuthorization: Bearer manager\nConnection: close\n\n");
		assertThat(answer).startsWith("HTTP/1.1 404 ").contains("X-Gateway-Error: no-route");
	}

	@ParameterizedTest
	@CsvSource({ "/api/customer/orders/1?x=%2F..%2f&y={a}|b&x=2, /orders/1?x=%2F..%2f&y={a}|b&x=2", "/api/customer, /",
			"/api/customer/, /", "/api/customer?q=/manager, /?q=/manager", "/api/customer/a%20b, /a%20b",
			"/api/customer/%C3%A9, /%C3%A9", "/api/customer/a/, /a/", "/public/%63ustomer, /public/%63ustomer",
			"/api/%63ustomer/x, /x", "/public/...x, /public/...x", "/public/a:b@c!$&'()*+=, /public/a:b@c!$&'()*+=" })
	void theBackendGetsThePathThatWasAuthorisedByteForByte(String target, String forwarded) {
		String answer = this.edge
			.exchange("GET " + target + " HTTP/1.1\nHost: a\nAuthorization: Bearer customer\nConnection: close\n\n");
		assertThat(answer).startsWith("HTTP/1.1 200 ");
		assertThat(this.origin.received()).contains("GET " + forwarded + " HTTP/1.1\r\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Host: a\nHost: b\n", "Host: a b\n", "Host: a/x\n", "Host: u@a\n", "Host:\n",
			"Host: a:b\n", "Host: a:\n", "Host: [::1\n", "Host: a,b\n" })
	void aHostThatIsNoneIsRefused(String host) {
		assertThat(this.edge.exchange("GET /public/x HTTP/1.1\n" + host + "\n")).startsWith("HTTP/1.1 400 ")
			.contains("Connection: close");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "a:80", "[::1]:8080", "127.0.0.1", "A.example" })
	void aProperHostIsServed(String host) {
		assertThat(this.edge.exchange("GET /public/x HTTP/1.1\nHost: " + host + "\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 200 ");
	}

	@Test
	void aHostOutsideTheListIsMisdirected() {
		try (EdgeUnderTest strict = EdgeUnderTest.to(this.origin).and("edge.hosts[0]", "shop.example").start()) {
			assertThat(strict.exchange("GET /public/x HTTP/1.1\nHost: other\nConnection: close\n\n"))
				.startsWith("HTTP/1.1 421 ")
				.contains("X-Gateway-Error: wrong-host");
			assertThat(strict.exchange("GET /public/x HTTP/1.1\nHost: Shop.example\nConnection: close\n\n"))
				.startsWith("HTTP/1.1 200 ");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "CONNECT a:443", "TRACE /public/x", "FOO /public/x", "get /public/x" })
	void anUnknownMethodIsNotServed(String methodAndTarget) {
		assertThat(this.edge.exchange(methodAndTarget + " HTTP/1.1\nHost: a\nX-Secret: 1\n\n"))
			.startsWith("HTTP/1.1 501 ")
			.contains("X-Gateway-Error: not-implemented")
			.doesNotContain("X-Secret");
	}

	@Test
	void aMethodThatNoRouteTakesIsAnsweredWithThoseThatSome() {
		assertThat(this.edge.exchange("DELETE /read/x HTTP/1.1\nHost: a\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 405 ")
			.contains("\r\nAllow: GET\r\n")
			.contains("X-Gateway-Error: method-not-allowed");
	}

	@Test
	void headersThatNameAnotherTargetAreNeitherHeededNorForwarded() {
		String answer = this.edge.exchange("""
				GET /public/x HTTP/1.1
				Host: a
				X-Original-URL: /manager/x
				X-Rewrite-URL: /manager/x
				X-HTTP-Method-Override: DELETE
				X-Forwarded-Uri: /manager/x
				X_Original_URL: /manager/x
				Connection: close

				""");
		assertThat(answer).startsWith("HTTP/1.1 200 ");
		assertThat(this.origin.received()).doesNotContain("Override").doesNotContain("manager/x");
	}

}
