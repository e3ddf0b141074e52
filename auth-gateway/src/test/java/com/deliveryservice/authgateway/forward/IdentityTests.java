package com.deliveryservice.authgateway.forward;

import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Section C of the security bar: identity and forwarded headers. */
class IdentityTests {

	private final CapturingOrigin origin = CapturingOrigin.start(CapturingOrigin.hello());

	private final EdgeUnderTest edge = EdgeUnderTest.to(this.origin).start();

	@AfterEach
	void stop() {
		this.edge.close();
		this.origin.close();
	}

	private String forwarded(String path, String headers) {
		String answer = this.edge.exchange("GET " + path + " HTTP/1.1\nHost: a.example:8443\n" + headers + "\n\n");
		assertThat(answer).startsWith("HTTP/1.1 200 ");
		return this.origin.received();
	}

	private static long count(String text, String regex) {
		return Pattern.compile("(?im)^" + regex).matcher(text).results().count();
	}

	@Test
	void everySpellingOfAnIdentityHeaderIsReplacedByTheGatewaysOwn() {
		String received = forwarded("/api/customer/x", """
				X-Auth-User-Id: forged
				x-auth-user-id: forged
				X_Auth_User_Id: forged
				X.Auth.User.Id: forged
				x_AUTH-scopes: forged
				X-Auth-Anything: forged
				X-Auth-Assertion:
				Authorization: Bearer customer
				Connection: close""");
		assertThat(received).doesNotContain("forged");
		assertThat(count(received, "x[-_.]auth[-_.]")).isEqualTo(5);
		assertThat(count(received, "X-Auth-User-Id: 11111111-1111-4111-8111-111111111111")).isEqualTo(1);
	}

	@Test
	void anOpenRouteGetsNoIdentityHeaderAtAllWhateverTokenComes() {
		String received = forwarded("/public/x",
				"X-Auth-User-Id: forged\nAuthorization: Bearer customer\nConnection: close");
		assertThat(count(received, "x[-_.]auth[-_.]")).isZero();
		assertThat(received).doesNotContain("Authorization");
	}

	@Test
	void connectionOptionsCannotDeleteWhatTheGatewayWrites() {
		String received = forwarded("/api/customer/x", """
				Connection: X-Auth-User-Id, X-Auth-User-Type, X-Forwarded-For, Via, X-Request-Id, close, X-Tmp
				X-Tmp: 1
				Authorization: Bearer customer""");
		assertThat(count(received, "X-Auth-")).isEqualTo(5);
		assertThat(count(received, "X-Forwarded-For: 127.0.0.1")).isEqualTo(1);
		assertThat(count(received, "Via: 1.1 auth-gateway")).isEqualTo(1);
		assertThat(count(received, "X-Tmp")).isZero();
	}

	@Test
	void hopByHopHeadersEndAtTheGateway() {
		String received = forwarded("/public/x", """
				Connection: close, X-Tmp
				Keep-Alive: timeout=5
				Proxy-Connection: keep-alive
				TE: trailers
				Trailer: X-T
				Upgrade: foo
				Proxy-Authorization: Basic eDp5
				Proxy-Authenticate: Basic
				X-Tmp: 1
				X-Kept_by.Name: 1""");
		assertThat(count(received,
				"(connection|keep-alive|proxy-.*|te|trailer|upgrade|transfer-encoding|x-tmp|content-length):"))
			.isZero();
		assertThat(count(received, "X-Kept_by.Name: 1")).isEqualTo(1);
	}

	@Test
	void forwardedHeadersOfAnUntrustedClientAreRebuiltFromNothing() {
		String received = forwarded("/api/customer/x", """
				X-Forwarded-For: 1.1.1.1
				X-Forwarded-For: 2.2.2.2
				X_Forwarded_For: 3.3.3.3
				Forwarded: for=4.4.4.4
				X-Real-IP: 5.5.5.5
				X-Forwarded-Host: evil
				X-Forwarded-Proto: https
				X-Forwarded-Port: 1
				X-Forwarded-Prefix: /evil
				X-Forwarded-User: evil
				X-Request-Id: evil
				x-http2-scheme: evil
				Via: 1.0 fred
				traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
				Authorization: Bearer customer
				Connection: close""");
		assertThat(received).doesNotContain("evil").doesNotContain("1.1.1.1").doesNotContain("4.4.4.4");
		assertThat(received).contains("\r\nX-Forwarded-For: 127.0.0.1\r\n")
			.contains("\r\nX-Forwarded-Proto: http\r\n")
			.contains("\r\nX-Forwarded-Host: a.example:8443\r\n")
			.contains("\r\nX-Forwarded-Port: 8443\r\n")
			.contains("\r\nX-Forwarded-Prefix: /api/customer\r\n")
			.contains("\r\nVia: 1.0 fred, 1.1 auth-gateway\r\n")
			.contains("\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
	}

	@Test
	void aTrustedProxyIsBelievedAboutTheClient() {
		try (EdgeUnderTest behind = EdgeUnderTest.to(this.origin)
			.and("trusted-proxies[0]", "127.0.0.0/8", "trusted-proxies[1]", "10.0.0.0/8")
			.start()) {
			behind.exchange("""
					GET /api/customer/x HTTP/1.1
					Host: internal
					X-Forwarded-For: 6.6.6.6, 203.0.113.7
					X-Forwarded-For: 10.1.2.3
					X-Forwarded-Proto: https
					X-Forwarded-Host: shop.example
					X-Forwarded-Prefix: /shop
					X-Request-Id: from-the-ingress
					Authorization: Bearer customer
					Connection: close

					""");
		}
		assertThat(this.origin.received()).contains("\r\nX-Forwarded-For: 203.0.113.7, 10.1.2.3, 127.0.0.1\r\n")
			.contains("\r\nX-Forwarded-Proto: https\r\n")
			.contains("\r\nX-Forwarded-Host: shop.example\r\n")
			.contains("\r\nX-Forwarded-Port: 443\r\n")
			.contains("\r\nX-Forwarded-Prefix: /shop/api/customer\r\n")
			.contains("\r\nX-Request-Id: from-the-ingress\r\n");
	}

	@Test
	void anotherProxyWithASimilarNameIsNoLoop() {
		assertThat(forwarded("/public/x", "Via: 1.1 auth-gateway-ingress\nConnection: close"))
			.contains("Via: 1.1 auth-gateway-ingress, 1.1 auth-gateway\r\n");
	}

	@Test
	void aRequestThatCameThroughUsBeforeIsALoop() {
		assertThat(this.edge.exchange("GET /public/x HTTP/1.1\nHost: a\nVia: 1.1 x, 1.1 auth-gateway\n\n"))
			.startsWith("HTTP/1.1 508 ")
			.contains("X-Gateway-Error: loop");
		assertThat(this.origin.connections()).isEmpty();
	}

	@Test
	void theGatewaysCookiesStayAndOthersPass() {
		String received = forwarded("/public/x",
				"Cookie: a=1; __Host-auth-gateway-session=secret; b=2\nConnection: close");
		assertThat(received).contains("\r\nCookie: a=1; b=2\r\n").doesNotContain("secret");
	}

	@Test
	void authorizationIsForwardedOnlyWhereTheRouteSaysSo() {
		try (EdgeUnderTest passing = EdgeUnderTest.with()
			.route("customer", "/api/**", this.origin.port(), "access.user-types[0]", "customer",
					"forward-authorization", "true")
			.start()) {
			passing.exchange("GET /api/x HTTP/1.1\nHost: a\nAuthorization: Bearer customer\nConnection: close\n\n");
		}
		assertThat(this.origin.received()).contains("\r\nAuthorization: Bearer customer\r\n");
	}

	@Test
	void theBackendCannotSpeakAsTheGateway() {
		this.origin.script(CapturingOrigin.answering("""
				HTTP/1.1 302 Found
				Server: internal/1.0
				X-Powered-By: internal
				X-Auth-User-Id: forged
				x_auth_scopes: forged
				X-Gateway-Error: forged
				X-Request-Id: forged
				Set-Cookie: __Host-auth-gateway-session=forged; Path=/
				Set-Cookie: own=1
				Connection: keep-alive, X-Tmp
				Keep-Alive: timeout=5
				Proxy-Authenticate: Basic
				X-Tmp: forged
				X-Kept: 1
				Location: http://127.0.0.1:%d/orders/7?x=1
				Content-Length: 0

				""".formatted(this.origin.port())));
		String answer = this.edge.exchange("""
				GET /api/customer/x HTTP/1.1
				Host: shop.example
				Authorization: Bearer customer
				Connection: close

				""");
		assertThat(answer).startsWith("HTTP/1.1 302 Found\r\n")
			.doesNotContain("forged")
			.doesNotContain("internal")
			.doesNotContain("Keep-Alive")
			.doesNotContain("Proxy-Authenticate")
			.contains("\r\nSet-Cookie: own=1\r\n")
			.contains("\r\nX-Kept: 1\r\n")
			.contains("\r\nLocation: http://shop.example/api/customer/orders/7?x=1\r\n");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "Authorization: Basic eDp5\n", "Authorization: bearer\n", "Authorization: Digest x\n" })
	void withoutABearerTokenAProtectedRouteAsksForOne(String authorization) {
		assertThat(
				this.edge.exchange("GET /api/customer/x HTTP/1.1\nHost: a\n" + authorization + "Connection: close\n\n"))
			.startsWith("HTTP/1.1 401 ")
			.contains("\r\nWWW-Authenticate: Bearer realm=\"auth-gateway\"\r\n")
			.contains("\r\nX-Gateway-Error: unauthenticated\r\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer nonsense", "bearer x y", "BEARER a.b.c" })
	void aBadTokenIsInvalidInTheSameWords(String authorization) {
		assertThat(this.edge.exchange(
				"GET /api/customer/x HTTP/1.1\nHost: a\nAuthorization: " + authorization + "\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 401 ")
			.contains("\r\nWWW-Authenticate: Bearer realm=\"auth-gateway\", error=\"invalid_token\"\r\n")
			.contains("\r\nX-Gateway-Error: invalid-token\r\n");
	}

	@Test
	void whoDoesNotFitIsForbidden() {
		assertThat(this.edge
			.exchange("GET /api/customer/x HTTP/1.1\nHost: a\nAuthorization: Bearer manager\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 403 ")
			.contains("error=\"insufficient_scope\"");
		assertThat(this.edge
			.exchange("GET /read/x HTTP/1.1\nHost: a\nAuthorization: Bearer manager\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 403 ");
		assertThat(this.edge
			.exchange("GET /read/x HTTP/1.1\nHost: a\nAuthorization: bearer customer\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 200 ");
	}

	@Test
	void withoutKeysItCannotBeTold() {
		this.edge.keysMissing = true;
		assertThat(this.edge
			.exchange("GET /api/customer/x HTTP/1.1\nHost: a\nAuthorization: Bearer customer\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 503 ")
			.contains("Retry-After: ");
	}

	@Test
	void staleRevocationsCloseTheRoutesThatSaySo() {
		try (EdgeUnderTest careful = EdgeUnderTest.with()
			.route("customer", "/api/**", this.origin.port(), "access.user-types[0]", "customer", "on-stale-revocation",
					"deny")
			.start()) {
			String request = "GET /api/x HTTP/1.1\nHost: a\nAuthorization: Bearer customer\nConnection: close\n\n";
			assertThat(careful.exchange(request)).startsWith("HTTP/1.1 200 ");
			careful.stale = true;
			assertThat(careful.exchange(request)).startsWith("HTTP/1.1 503 ").contains("Retry-After: ");
		}
	}

}
