package com.deliveryservice.authgateway.account;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.session.EndReason;
import com.deliveryservice.authgateway.session.Session;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

class SessionsAndDiscoveryTests extends ApiLaneTest {

	private static final UUID OTHER = UUID.fromString("0a000000-0000-4000-8000-0000000000ee");

	@BeforeEach
	void annaHasTwoDevices() {
		Session other = new Session(OTHER, ANNA, "customer", null, "2001:db8::1", NOW.minusSeconds(60), NOW,
				NOW.plus(Duration.ofDays(14)), NOW.plus(Duration.ofDays(30)));
		given(this.sessions.findLive(ANNA)).willReturn(Flux.just(openSession().session(), other));
		given(this.sessions.endOf(any(), any(), any())).willReturn(Mono.just(false));
		given(this.sessions.endOf(ANNA, OTHER, EndReason.ENDED_BY_USER)).willReturn(Mono.just(true));
		given(this.sessions.endAll(any(), any(), any())).willReturn(Mono.just(List.of(OTHER)));
	}

	@Test
	void theListShowsOwnSessionsAndWhichIsThisOne() {
		call(HttpMethod.GET, "/auth/sessions").expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals(HttpHeaders.CACHE_CONTROL, "no-store")
			.expectBody()
			.json("""
					{"sessions":[
					 {"id":"0a000000-0000-4000-8000-0000000000ff","device_name":"Pixel 9","ip":"192.0.2.1",
					  "created_at":"2026-11-23T04:05:06Z","last_seen_at":"2026-11-23T04:05:06Z",
					  "expires_at":"2026-12-23T04:05:06Z","current":true},
					 {"id":"0a000000-0000-4000-8000-0000000000ee","device_name":null,"ip":"2001:db8::1",
					  "created_at":"2026-11-23T04:04:06Z","last_seen_at":"2026-11-23T04:05:06Z",
					  "expires_at":"2026-12-23T04:05:06Z","current":false}]}""", JsonCompareMode.STRICT);
	}

	@Test
	void anOwnSessionCanBeEnded() {
		call(HttpMethod.DELETE, "/auth/sessions/" + OTHER).expectStatus().isNoContent();
		call(HttpMethod.DELETE, "/auth/sessions/" + OTHER.toString().toUpperCase(Locale.ROOT)).expectStatus()
			.isNoContent();
		then(this.sessions).should(times(2)).endOf(ANNA, OTHER, EndReason.ENDED_BY_USER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0a000000-0000-4000-8000-0000000000dd", "1", "%C3%A4", "...", "a000000-0-4000-8000-ee" })
	void anothersSessionIsAsUnknownAsNone(String id) {
		call(HttpMethod.DELETE, "/auth/sessions/" + id).expectStatus()
			.isNotFound()
			.expectHeader()
			.valueEquals("X-Gateway-Error", "session-not-found");
	}

	@Test
	void allSessionsEndOrAllButThisOne() {
		call(HttpMethod.DELETE, "/auth/sessions").expectStatus().isNoContent();
		then(this.sessions).should().endAll(ANNA, null, EndReason.ENDED_BY_USER);
		call(HttpMethod.DELETE, "/auth/sessions?keep_current=true").expectStatus().isNoContent();
		then(this.sessions).should().endAll(ANNA, SESSION, EndReason.ENDED_BY_USER);
	}

	@Test
	void aMisspeltWishToKeepThisOneEndsNothing() {
		call(HttpMethod.DELETE, "/auth/sessions?keep_current=ture").expectStatus().isBadRequest();
		then(this.sessions).should(never()).endAll(any(), any(), any());
	}

	@Test
	void nothingIsToldAsEndedWhileTheDatabaseIsAway() {
		given(this.sessions.endAll(any(), any(), any()))
			.willReturn(Mono.error(new DatabaseUnavailableException(new Exception("x"))));
		call(HttpMethod.DELETE, "/auth/sessions").expectStatus()
			.isEqualTo(503)
			.expectHeader()
			.exists(HttpHeaders.RETRY_AFTER);
	}

	@Test
	void theKeysAreForEverybodyAndMayBeKeptFiveMinutes() {
		given(this.publicKeys.toJwkSet()).willReturn("{\"keys\":[]}");
		this.client.get()
			.uri("/.well-known/jwks.json")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType(MediaType.APPLICATION_JSON)
			.expectHeader()
			.valueEquals(HttpHeaders.CACHE_CONTROL, "max-age=300, public")
			.expectBody()
			.json("{\"keys\":[]}", JsonCompareMode.STRICT);
	}

	@Test
	void keysThatAreNotLoadedAreNotAnEmptySet() {
		given(this.publicKeys.areLoaded()).willReturn(false);
		this.client.get()
			.uri("/.well-known/jwks.json")
			.exchange()
			.expectStatus()
			.isEqualTo(503)
			.expectHeader()
			.valueEquals(HttpHeaders.CACHE_CONTROL, "no-store")
			.expectHeader()
			.exists(HttpHeaders.RETRY_AFTER);
	}

	@Test
	void theMetadataNameWhatIsThere() {
		this.client.get()
			.uri("/.well-known/oauth-authorization-server")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.json("""
					{"issuer":"https://gw.example","token_endpoint":"https://gw.example/oauth2/token",
					 "revocation_endpoint":"https://gw.example/oauth2/revoke",
					 "jwks_uri":"https://gw.example/.well-known/jwks.json","grant_types_supported":["refresh_token"],
					 "response_types_supported":[],"token_endpoint_auth_methods_supported":["none"]}""")
			.jsonPath("$.introspection_endpoint")
			.doesNotExist();
	}

	@Test
	void theDescriptionIsServedAsItIsWritten() throws Exception {
		byte[] served = this.client.get()
			.uri("/openapi.yaml")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType("application/yaml")
			.expectBody()
			.returnResult()
			.getResponseBody();
		assertThat(new String(served, UTF_8)).startsWith("openapi: 3.1")
			.isEqualTo(Files.readString(Path.of("..", "docs", "openapi.yaml")));
	}

	private ResponseSpec call(HttpMethod method, String path) {
		return this.client.method(method)
			.uri(URI.create(path))
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + ANNAS_TOKEN)
			.exchange();
	}

}
