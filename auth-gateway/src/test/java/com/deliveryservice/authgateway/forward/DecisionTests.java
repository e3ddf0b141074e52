package com.deliveryservice.authgateway.forward;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an ingress is told that forwards by itself (contract/backends.md).
 */
@SuppressWarnings("StringConcatToTextBlock")
class DecisionTests {

	private static final String NOBODY = "X-Auth-User-Id: \r\nX-Auth-User-Type: \r\nX-Auth-Scopes: \r\n"
			+ "X-Auth-Session-Id: \r\nX-Auth-Assertion: \r\n";

	private static final String CUSTOMER = "Authorization: Bearer customer\n";

	private final EdgeUnderTest listener = EdgeUnderTest.with("trusted-proxies[0]", "127.0.0.1")
		.route("customer", "/api/customer/**", 1, "access.user-types[0]", "customer", "audience", "kitchen-of-anna",
				"on-stale-revocation", "deny")
		.route("public", "/public/**", 1, "access.anonymous", "true")
		.route("manager", "/manager/**", 1, "access.user-types[0]", "manager")
		.route("read", "/read/**", 1, "methods[0]", "GET", "access.scopes[0]", "orders:read")
		.startInternal();

	@AfterEach
	void stop() {
		this.listener.close();
	}

	@ParameterizedTest
	@ValueSource(strings = {
			"GET /verify/nginx|X-Original-Method: POST\nX-Original-URI: /api/customer/orders?late=true",
			"GET /verify/nginx|X-Original-Method: POST\nX-Original-URL: https://api.example/api/customer/orders?late=true",
			"GET /verify/forward|X-Forwarded-Method: POST\nX-Forwarded-Proto: https\nX-Forwarded-Host: api.example\n"
					+ "X-Forwarded-Uri: /api/customer/orders?late=true",
			"POST /verify/envoy/api/customer/orders?late=true|X-A: b",
			"GET /verify/envoy/api/customer/orders?q=a|b\"{c}|X-A: b" })
	void whoMayPassComesWithEachIdentityHeaderOnce(String question) {
		int headers = question.lastIndexOf('|');
		String answer = ask(question.substring(0, headers),
				question.substring(headers + 1) + "\n" + CUSTOMER + "X-Auth-User-Id: forged\nx_auth_user_id: forged\n");
		assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n")
			.contains("Cache-Control: no-store\r\n", "Content-Length: 0\r\n",
					"X-Auth-User-Id: " + EdgeUnderTest.USER + "\r\n", "X-Auth-User-Type: customer\r\n",
					"X-Auth-Scopes: orders:read orders:write\r\n",
					"X-Auth-Session-Id: " + EdgeUnderTest.SESSION + "\r\n",
					"X-Auth-Assertion: assertion-for-kitchen-of-anna\r\n")
			.containsPattern("X-Request-Id: [0-9a-f]{32}\r\n")
			.doesNotContain("forged")
			.endsWith("\r\n\r\n");
		assertThat(answer.split("X-Auth-", -1)).hasSize(6);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", CUSTOMER, "Authorization: Bearer nonsense\n" })
	void onARouteThatIsOpenToAllEachIdentityHeaderIsPresentAndEmpty(String authorization) {
		assertThat(nginx("GET", "/public/menu", authorization)).startsWith("HTTP/1.1 200 ")
			.contains(NOBODY)
			.doesNotContain(EdgeUnderTest.USER.toString());
	}

	@Test
	void withoutAGoodTokenItIs401AsAtTheEdge() {
		assertThat(nginx("GET", "/api/customer/x", "")).startsWith("HTTP/1.1 401 ")
			.contains("X-Gateway-Error: unauthenticated\r\n", "WWW-Authenticate: Bearer realm=\"auth-gateway\"\r\n");
		String bad = nginx("GET", "/api/customer/x", "Authorization: Bearer nonsense\n");
		assertThat(bad).startsWith("HTTP/1.1 401 ").contains("error=\"invalid_token\"\r\n").doesNotContain("X-Auth-");
		this.listener.end(EdgeUnderTest.SESSION);
		assertThat(nginx("GET", "/api/customer/x", CUSTOMER)).startsWith("HTTP/1.1 401 ");
	}

	@ParameterizedTest
	@CsvSource({ "GET, /manager/x, forbidden", "GET, /nowhere, no-route", "GET, /auth/me, no-route",
			"GET, /api/customers, no-route", "POST, /read/x, method-not-allowed", "TRACE, /read/x, invalid-request",
			"get, /read/x, invalid-request", "GET, /api/customer/../../manager/x, invalid-request",
			"GET, /api/customer/%2e%2e/x, invalid-request", "GET, //api/customer/x, invalid-request",
			"GET, /api/customer/a%2fb, invalid-request", "GET, /api/customer;a=b/x, invalid-request",
			"GET, /api\\customer/x, invalid-request", "GET, http://h/api/customer/x, invalid-request",
			"GET, *, invalid-request", "GET, api/customer/x, invalid-request" })
	void everythingElseIs403UnderTheEdgesOwnCode(String method, String target, String code) {
		assertThat(nginx(method, target, CUSTOMER)).startsWith("HTTP/1.1 403 ")
			.contains("X-Gateway-Error: " + code + "\r\n", "\"status\":403")
			.doesNotContain("X-Auth-");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/verify/envoy", "/verify/envoy/api/customer/../../manager/x",
			"/verify/envoy/api/customer/%2e%2e/x", "/verify/envoy//api/customer/x", "/verify/envoy/nowhere",
			"/verify/envoy?/api/customer/x", "/verify/nginx/api/customer/x", "/verify/forward",
			"/verify/nginx?x=/api/customer/x" })
	void tricksWithThePathOfTheQuestionItselfAre403(String target) {
		assertThat(ask("GET " + target, CUSTOMER)).startsWith("HTTP/1.1 403 ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Original-URI: /public/x", "X-Original-Method: GET",
			"X-Original-Method: GET\nX-Original-Method: GET\nX-Original-URI: /public/x",
			"X-Original-Method: GET\nX-Original-URI: /public/x\nX-Original-URI: /public/x",
			"X-Original-Method: GET\nX-Original-URI: /public/x\nX-Original-URL: https://a/manager/x",
			"X-Original-Method: GET\nX_Original_URI: /public/x",
			"X-Forwarded-Method: GET\nX-Forwarded-Uri: /public/x" })
	void anOriginalRequestThatIsNotClearIs403(String headers) {
		assertThat(ask("GET /verify/nginx", headers + "\n")).startsWith("HTTP/1.1 403 ");
	}

	@Test
	void whatTheGuardRefusesOfTheQuestionIs403() {
		String target = "X-Original-Method: GET\nX-Original-URI: /public/x\n";
		assertThat(ask("GET /verify/nginx", target + CUSTOMER + CUSTOMER)).startsWith("HTTP/1.1 403 ")
			.contains("X-Gateway-Error: invalid-request");
		assertThat(ask("PROPFIND /verify/envoy/public/x", "")).startsWith("HTTP/1.1 403 ");
		assertThat(ask("GET /verify/nginx", target + "X-A: " + "a".repeat(17_000) + "\n")).startsWith("HTTP/1.1 403 ")
			.contains("X-Gateway-Error: headers-too-large");
	}

	@Test
	void whatCannotBeToldIs503() {
		this.listener.stale = true;
		assertThat(nginx("GET", "/api/customer/x", CUSTOMER)).startsWith("HTTP/1.1 503 ").contains("Retry-After: ");
		this.listener.keysMissing = true;
		assertThat(nginx("GET", "/read/x", CUSTOMER)).startsWith("HTTP/1.1 503 ").contains("Retry-After: ");
		assertThat(nginx("GET", "/public/x", CUSTOMER)).startsWith("HTTP/1.1 200 ");
	}

	@Test
	void theConnectionIsKeptAndABodyThatComesAlongEndsIt() {
		try (RawClient client = this.listener.client()) {
			client.send("GET /verify/envoy/public/x HTTP/1.1\nHost: a\n\n");
			assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
			client.send("HEAD /verify/envoy/nowhere HTTP/1.1\nHost: a\n\n");
			assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 403 ");
			client.forget();
			client.send("POST /verify/envoy/public/x HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello");
			assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").contains("Connection: close\r\n");
		}
	}

	@Test
	void theRequestsIdIsTheIngresssIfThatIsTrusted() {
		assertThat(nginx("GET", "/public/x", "X-Request-Id: from-the-ingress\n"))
			.contains("X-Request-Id: from-the-ingress\r\n");
	}

	private String nginx(String method, String target, String headers) {
		return ask("GET /verify/nginx",
				"X-Original-Method: " + method + "\nX-Original-URI: " + target + "\n" + headers);
	}

	private String ask(String line, String headers) {
		return this.listener.exchange(line + " HTTP/1.1\nHost: a\nConnection: close\n" + headers
				+ (headers.isEmpty() || headers.endsWith("\n") ? "" : "\n") + "\n");
	}

}
