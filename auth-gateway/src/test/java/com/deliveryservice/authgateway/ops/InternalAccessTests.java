package com.deliveryservice.authgateway.ops;

import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole gateway without a database: who may call what on the internal listener.
 */
@GatewayWithoutDatabase
class InternalAccessTests {

	private static final String SECRET = GatewayWithoutDatabase.SECRET;

	@Autowired
	private Environment environment;

	private WebTestClient internal = WebTestClient.bindToServer().build();

	@BeforeEach
	void connect() {
		this.internal = WebTestClient.bindToServer()
			.baseUrl("http://localhost:" + this.environment.getProperty("local.internal.port"))
			.responseTimeout(Duration.ofSeconds(10))
			.build();
	}

	@Test
	void livenessIsOpenAndNeedsNoDatabase() {
		this.internal.get()
			.uri("/actuator/health/liveness")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.json("{\"status\":\"UP\"}");
	}

	@Test
	void readinessIsOpenAndWaitsForTheDatabase() {
		this.internal.get()
			.uri("/actuator/health/readiness")
			.exchange()
			.expectStatus()
			.isEqualTo(503)
			.expectBody()
			.json("{\"status\":\"OUT_OF_SERVICE\"}");
	}

	@Test
	void metersAreOpen() {
		this.internal.get()
			.uri("/actuator/prometheus")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((meters) -> assertThat(meters).contains("jvm_memory_used_bytes"));
	}

	@Test
	void openPathsDoNotReadThePersonsOwnAuthorization() {
		this.internal.get()
			.uri("/actuator/health/liveness")
			.header(HttpHeaders.AUTHORIZATION, "Basic bm9ib2R5Om5vdGhpbmc=")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody();
		this.internal.get()
			.uri("/verify/nothing")
			.header(HttpHeaders.AUTHORIZATION, "Basic bm9ib2R5Om5vdGhpbmc=")
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectBody();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/info", "/actuator/env" })
	void nobodyIsToldToAuthenticate(String path) {
		this.internal.get()
			.uri(path)
			.exchange()
			.expectStatus()
			.isUnauthorized()
			.expectHeader()
			.valueEquals(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"auth-gateway-internal\"")
			.expectHeader()
			.valueEquals("X-Gateway-Error", "unauthenticated")
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.code")
			.isEqualTo("unauthenticated")
			.jsonPath("$.request_id")
			.isNotEmpty();
	}

	@Test
	void nobodyAtIntrospectionIsToldByTheErrorOfOAuth() {
		this.internal.post()
			.uri("/oauth2/introspect")
			.exchange()
			.expectStatus()
			.isUnauthorized()
			.expectHeader()
			.valueEquals(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"auth-gateway-internal\"")
			.expectBody()
			.json("{\"error\":\"invalid_client\"}");
	}

	@Test
	void nothingCanBeToldAboutATokenBeforeTheKeysAreLoaded() {
		this.internal.post()
			.uri("/oauth2/introspect")
			.headers(this::operator)
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.bodyValue("token=a.b.c")
			.exchange()
			.expectStatus()
			.isEqualTo(503)
			.expectHeader()
			.exists(HttpHeaders.RETRY_AFTER)
			.expectBody()
			.json("{\"error\":\"temporarily_unavailable\"}");
	}

	@Test
	void workflowAuthIsToldSoInTheMemberThatItReads() {
		this.internal.post()
			.uri("/Auth/Nothing")
			.exchange()
			.expectStatus()
			.isUnauthorized()
			.expectHeader()
			.valueEquals(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"auth-gateway-internal\"")
			.expectBody()
			.jsonPath("$.exceptionMessage")
			.isNotEmpty();
		this.internal.post()
			.uri("/Auth/Nothing")
			.headers(this::operator)
			.exchange()
			.expectStatus()
			.isForbidden()
			.expectBody()
			.jsonPath("$.exceptionMessage")
			.isNotEmpty();
	}

	@Test
	void aWrongSecretAndAnUnknownIdAreTheSame() {
		for (String id : new String[] { "workflow-auth", "nobody" }) {
			this.internal.post()
				.uri("/Auth/Nothing")
				.headers((headers) -> headers.setBasicAuth(id, "wrong"))
				.exchange()
				.expectStatus()
				.isUnauthorized()
				.expectBody()
				.jsonPath("$.exceptionMessage")
				.isEqualTo("unauthenticated: HTTP Basic credentials of an internal client are needed");
		}
	}

	@Test
	void idAndSecretMayBeFormEncodedAsOAuthLibrariesSendThem() {
		this.internal.post()
			.uri("/Auth/Nothing")
			.headers((headers) -> headers.setBasicAuth("workflow%2Dauth", "%30" + SECRET.substring(1)))
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectBody();
		for (String nonsense : new String[] { "%", "%zz", "%30%", SECRET + "%20" }) {
			this.internal.post()
				.uri("/Auth/Nothing")
				.headers((headers) -> headers.setBasicAuth("workflow-auth", nonsense))
				.exchange()
				.expectStatus()
				.isUnauthorized()
				.expectBody();
		}
	}

	@Test
	void theRoleDecides() {
		this.internal.post()
			.uri("/Auth/Nothing")
			.headers(this::workflowAuth)
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectBody();
		this.internal.get()
			.uri("/actuator/info")
			.headers(this::workflowAuth)
			.exchange()
			.expectStatus()
			.isForbidden()
			.expectBody()
			.jsonPath("$.code")
			.isEqualTo("forbidden");
		this.internal.get().uri("/actuator/info").headers(this::operator).exchange().expectStatus().isOk().expectBody();
		this.internal.post()
			.uri("/oauth2/introspect")
			.headers(this::workflowAuth)
			.exchange()
			.expectStatus()
			.isForbidden()
			.expectBody();
	}

	@Test
	void theActuatorHidesEverythingElse() {
		for (String path : new String[] { "/actuator/env", "/actuator/beans", "/actuator/heapdump", "/actuator/loggers",
				"/actuator/shutdown", "/actuator/configprops" }) {
			this.internal.get().uri(path).headers(this::operator).exchange().expectStatus().isNotFound().expectBody();
		}
	}

	private void workflowAuth(HttpHeaders headers) {
		headers.setBasicAuth("workflow-auth", SECRET);
	}

	private void operator(HttpHeaders headers) {
		headers.setBasicAuth("operator", SECRET + "2");
	}

}
