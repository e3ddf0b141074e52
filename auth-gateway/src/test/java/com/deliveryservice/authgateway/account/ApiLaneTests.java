package com.deliveryservice.authgateway.account;

import java.util.UUID;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.session.EndReason;
import com.deliveryservice.authgateway.token.KeysUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.reactive.server.WebTestClient.BodyContentSpec;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * What holds for every request of the API lane.
 */
class ApiLaneTests extends ApiLaneTest {

	private static final String CHALLENGE = "Bearer realm=\"auth-gateway\"";

	@ParameterizedTest
	@ValueSource(strings = { "", "Basic YW5uYTpwYXNz", "Bearerx y", "Digest a=b" })
	void withoutABearerTokenTheChallengeNamesNoError(String authorization) {
		ResponseSpec answer = this.client.get().uri("/auth/me").headers((headers) -> {
			if (!authorization.isEmpty()) {
				headers.set(HttpHeaders.AUTHORIZATION, authorization);
			}
		}).exchange();
		expectProblem(answer, 401, "unauthenticated");
		answer.expectHeader().valueEquals(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer expired", "Bearer", "Bearer  ", "bearer a b", "Bearer ä", "Bearer a,b",
			"BEARER ended" })
	void everyBadTokenGetsTheSameWords(String authorization) {
		ResponseSpec answer = this.client.get()
			.uri("/auth/me")
			.header(HttpHeaders.AUTHORIZATION, authorization)
			.exchange();
		expectProblem(answer, 401, "invalid-token").jsonPath("$.title")
			.isEqualTo("The access token is not valid")
			.jsonPath("$.detail")
			.doesNotExist();
		answer.expectHeader().valueEquals(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE + ", error=\"invalid_token\"");
	}

	@Test
	void aTokenAnywhereButInTheHeaderIsNone() {
		expectProblem(this.client.get().uri("/auth/me?access_token=" + ANNAS_TOKEN).exchange(), 401, "unauthenticated");
		expectProblem(this.client.get().uri("/auth/me").cookie("access_token", ANNAS_TOKEN).exchange(), 401,
				"unauthenticated");
		expectProblem(this.client.post()
			.uri("/auth/sign-out")
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.bodyValue("access_token=" + ANNAS_TOKEN)
			.exchange(), 401, "unauthenticated");
	}

	@Test
	void theSchemeIsReadInAnyCase() {
		this.client.get()
			.uri("/auth/me")
			.header(HttpHeaders.AUTHORIZATION, "bEARER " + ANNAS_TOKEN)
			.exchange()
			.expectStatus()
			.isOk();
	}

	@Test
	void twoAuthorizationHeadersAreAMalformedRequest() {
		ResponseSpec answer = this.client.get()
			.uri("/auth/me")
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + ANNAS_TOKEN, "Basic YW5uYTpwYXNz")
			.exchange();
		expectProblem(answer, 400, "invalid-request");
		then(this.users).should(never()).find(any());
	}

	@Test
	void whileItCannotBeToldTheTokenIsNotBad() {
		willThrow(new KeysUnavailableException()).given(this.accessTokens).verify(anyString());
		ResponseSpec answer = this.client.get()
			.uri("/auth/me")
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + ANNAS_TOKEN)
			.exchange();
		expectProblem(answer, 503, "service-unavailable");
		answer.expectHeader().exists("Retry-After").expectHeader().doesNotExist(HttpHeaders.WWW_AUTHENTICATE);
	}

	@ParameterizedTest
	@CsvSource({ "GET,/auth", "GET,/auth/nothing", "GET,/auth/me/", "GET,/nothing", "GET,/", "POST,/.well-known/x",
			"GET,/index.html", "GET,/webjars/x.js" })
	void whatIsNotServedIs404BeforeAnybodyIsAsked(String method, String path) {
		expectProblem(this.client.method(HttpMethod.valueOf(method)).uri(path).exchange(), 404, "no-route");
	}

	@ParameterizedTest
	@CsvSource({ "GET,/auth/sign-in,POST", "DELETE,/auth/sign-in,POST", "GET,/auth/sign-out,POST",
			"POST,/auth/me,'GET, HEAD'" })
	void aWrongMethodIs405AndNamesTheRightOnes(String method, String path, String allow) {
		ResponseSpec answer = this.client.method(HttpMethod.valueOf(method)).uri(path).exchange();
		expectProblem(answer, 405, "method-not-allowed");
		assertThat(allow)
			.contains(String.valueOf(answer.returnResult(Void.class).getResponseHeaders().getFirst("Allow")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/x-www-form-urlencoded", "application/xml",
			"multipart/form-data;boundary=x", "application/cbor" })
	void anotherMediaTypeIs415(String type) {
		ResponseSpec answer = this.client.post()
			.uri("/auth/sign-in")
			.header(HttpHeaders.CONTENT_TYPE, type)
			.body(Mono.just(SIGN_IN), String.class)
			.exchange();
		expectProblem(answer, 415, "unsupported-media-type");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json", "application/problem+json", "application/vnd.x+json", "*/*",
			"text/html", "application/xml" })
	void whateverAClientAcceptsItGetsJson(String accept) {
		this.client.post()
			.uri("/auth/sign-in")
			.header(HttpHeaders.ACCEPT, accept)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(SIGN_IN)
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType(MediaType.APPLICATION_JSON);
		expectProblem(this.client.get().uri("/auth/me").header(HttpHeaders.ACCEPT, accept).exchange(), 401,
				"unauthenticated");
	}

	@Test
	void aDeclaredBodyOver16KiBIsRefusedUnread() {
		ResponseSpec answer = this.client.post()
			.uri("/auth/sign-in")
			.contentType(MediaType.APPLICATION_JSON)
			.header(HttpHeaders.CONTENT_LENGTH, "16385")
			.body(Flux.error(new AssertionError("was read")), DataBuffer.class)
			.exchange();
		expectProblem(answer, 413, "too-large");
		answer.expectHeader().valueEquals(HttpHeaders.CONNECTION, "close");
	}

	@Test
	void aStreamedBodyOver16KiBIsRefusedWhereItPassesTheLimit() {
		ResponseSpec answer = postChunks("{\"login\":\"", "a".repeat(10_000), "a".repeat(10_000));
		expectProblem(answer, 413, "too-large");
		answer.expectHeader().valueEquals(HttpHeaders.CONNECTION, "close");
	}

	@Test
	void aBodyOfExactly16KiBIsRead() {
		String padding = " ".repeat(16 * 1024 - SIGN_IN.length());
		postChunks(SIGN_IN, padding).expectStatus().isOk().expectHeader().doesNotExist(HttpHeaders.CONNECTION);
	}

	@Test
	void deepNestingIsRefused() {
		String deep = "{\"login\":\"anna\",\"password\":\"p\",\"x\":" + "[".repeat(2000) + "]".repeat(2000) + "}";
		expectProblem(postJson(deep.getBytes(UTF_8)), 400, "validation-failed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ISO-8859-1", "UTF-16LE", "overlong", "NUL" })
	void whatIsNotUtf8IsRefused(String encoding) {
		String text = "{\"login\":\"än\",\"password\":\"p\"}";
		byte[] body = switch (encoding) {
			case "ISO-8859-1" -> text.getBytes(ISO_8859_1);
			case "UTF-16LE" -> text.getBytes(UTF_16LE);
			case "overlong" -> text.replace("ä", "\u00c0\u00ae").getBytes(ISO_8859_1);
			default -> text.replace("ä", "\0").getBytes(UTF_8);
		};
		expectProblem(postJson(body), 400, "validation-failed");
	}

	@Test
	void anUnexpectedFailureTellsNothingOfItself() {
		given(this.users.find(ANNA)).willReturn(Mono.error(new IllegalStateException("secret inner words")));
		byte[] body = this.client.get()
			.uri("/auth/me")
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + ANNAS_TOKEN)
			.header("X-Request-Id", "the-id")
			.exchange()
			.expectStatus()
			.isEqualTo(500)
			.expectHeader()
			.valueEquals("X-Gateway-Error", "internal-error")
			.expectHeader()
			.valueEquals("X-Request-Id", "the-id")
			.expectBody()
			.jsonPath("$.request_id")
			.isEqualTo("the-id")
			.returnResult()
			.getResponseBody();
		assertThat(new String(body, UTF_8)).doesNotContain("secret", "Exception");
	}

	@Test
	void aPreflightOfAnotherOriginIsRefused() {
		ResponseSpec answer = this.client.options()
			.uri("/auth/sign-in")
			.header(HttpHeaders.ORIGIN, "https://evil.example")
			.header(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD, "POST")
			.exchange();
		expectProblem(answer, 403, "forbidden");
		answer.expectHeader().doesNotExist(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
	}

	@Test
	void meIsTheCallersOwnAccount() {
		get("/auth/me").expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals(HttpHeaders.CACHE_CONTROL, "no-store")
			.expectBody()
			.json("""
					{"id":"0a000000-0000-4000-8000-000000000001","login":"Anna","email":"anna@example.org",
					 "phone_number":null,"user_type":"customer","scopes":["orders:read","orders:write"]}""",
					JsonCompareMode.STRICT);
	}

	@Test
	void meIs503WhileTheDatabaseIsAway() {
		given(this.users.find(ANNA)).willReturn(Mono.error(new DatabaseUnavailableException(new Exception("x"))));
		ResponseSpec answer = get("/auth/me");
		expectProblem(answer, 503, "service-unavailable");
		answer.expectHeader().exists("Retry-After");
	}

	@Test
	void signingOutEndsTheCallersSession() {
		given(this.sessions.end(any(UUID.class), any())).willReturn(Mono.just(true)).willReturn(Mono.just(false));
		post("/auth/sign-out").expectStatus().isNoContent().expectBody().isEmpty();
		post("/auth/sign-out").expectStatus().isNoContent().expectBody().isEmpty();
		then(this.sessions).should(times(2)).end(SESSION, EndReason.SIGN_OUT);
	}

	@Test
	void signingOutIsNotToldAsDoneWhileTheDatabaseIsAway() {
		given(this.sessions.end(any(UUID.class), any()))
			.willReturn(Mono.error(new DatabaseUnavailableException(new Exception("x"))));
		expectProblem(post("/auth/sign-out"), 503, "service-unavailable");
	}

	private ResponseSpec get(String path) {
		return this.client.get().uri(path).header(HttpHeaders.AUTHORIZATION, "Bearer " + ANNAS_TOKEN).exchange();
	}

	private ResponseSpec post(String path) {
		return this.client.post().uri(path).header(HttpHeaders.AUTHORIZATION, "Bearer " + ANNAS_TOKEN).exchange();
	}

	private ResponseSpec postJson(byte[] body) {
		return this.client.post()
			.uri("/auth/sign-in")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.exchange();
	}

	private ResponseSpec postChunks(String... chunks) {
		Flux<DataBuffer> body = Flux.fromArray(chunks)
			.map((chunk) -> DefaultDataBufferFactory.sharedInstance.wrap(chunk.getBytes(UTF_8)));
		return this.client.post()
			.uri("/auth/sign-in")
			.contentType(MediaType.APPLICATION_JSON)
			.header(HttpHeaders.TRANSFER_ENCODING, "chunked")
			.body(body, DataBuffer.class)
			.exchange();
	}

	private static BodyContentSpec expectProblem(ResponseSpec answer, int status, String code) {
		answer.expectStatus().isEqualTo(status).expectHeader().valueEquals("X-Gateway-Error", code);
		return answer.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectHeader()
			.valueEquals(HttpHeaders.CACHE_CONTROL, "no-store")
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo(status)
			.jsonPath("$.code")
			.isEqualTo(code);
	}

}
