package com.deliveryservice.authgateway.devstack;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class DemoBackendTests {

	private static final Duration WAIT = Duration.ofSeconds(15);

	private static final String ISSUER = "http://localhost:8080";

	private static final ECKey KEY = key("k1");

	private static final ECKey STRANGER = key("k1");

	private volatile JWKSet published = new JWKSet(KEY.toPublicJWK());

	private DisposableServer gateway;

	private DemoBackend backend;

	private WebTestClient client;

	@BeforeEach
	void start() {
		this.gateway = HttpServer.create()
			.host("localhost")
			.route((routes) -> routes.get("/.well-known/jwks.json",
					(request, response) -> response.header("Content-Type", "application/json")
						.sendString(Mono.just(this.published.toString()))))
			.bindNow();
		this.backend = DemoBackend.start(0, "kitchen", "http://localhost:" + this.gateway.port(), ISSUER);
		this.client = WebTestClient.bindToServer().baseUrl(this.backend.baseUrl()).responseTimeout(WAIT).build();
	}

	@AfterEach
	void stop() {
		this.backend.close();
		this.gateway.disposeNow();
	}

	@Test
	void showsWhatItReceived() {
		this.client.method(HttpMethod.PUT)
			.uri(URI.create(this.backend.baseUrl() + "/a%2Fb;c/%C3%A9?x=1&y=%20"))
			.header("X-Auth-Assertion", assertion(KEY, (claims) -> {
			}))
			.header("X-Thing", "1", "2")
			.bodyValue("hello")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.backend")
			.isEqualTo("kitchen")
			.jsonPath("$.method")
			.isEqualTo("PUT")
			.jsonPath("$.path")
			.isEqualTo("/a%2Fb;c/%C3%A9")
			.jsonPath("$.query")
			.isEqualTo("x=1&y=%20")
			.jsonPath("$.headers['X-Thing']")
			.isEqualTo(List.of("1", "2"))
			.jsonPath("$.body_length")
			.isEqualTo(5)
			.jsonPath("$.body_sha256")
			.isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
	}

	static Stream<Consumer<JWTClaimsSet.Builder>> wrongClaims() {
		return Stream.of((claims) -> claims.audience("customer"), (claims) -> claims.audience((String) null),
				(claims) -> claims.issuer("http://elsewhere"), (claims) -> claims.issuer(null),
				(claims) -> claims.expirationTime(Date.from(Instant.now().minusSeconds(11))),
				(claims) -> claims.expirationTime(null));
	}

	@ParameterizedTest
	@MethodSource("wrongClaims")
	void anAssertionForSomebodyElseOrOutOfTimeIsRefused(Consumer<JWTClaimsSet.Builder> change) {
		assertThat(statusWith(assertion(KEY, change))).isEqualTo(401);
	}

	@Test
	void aDirectCallIsRefused() {
		this.client.get().uri("/x").header("X-Auth-User-Id", "1").exchange().expectStatus().isUnauthorized();
	}

	@ParameterizedTest
	@ValueSource(strings = { "at+jwt", "JWT", "logout+jwt" })
	void aTokenOfAnotherTypeIsRefused(String type) {
		assertThat(statusWith(signed(KEY, type, (claims) -> {
		}))).isEqualTo(401);
	}

	@Test
	void aForgedAssertionIsRefused() throws JOSEException {
		assertThat(statusWith(assertion(STRANGER, (claims) -> {
		}))).isEqualTo(401);
		SignedJWT mac = new SignedJWT(
				new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").type(new JOSEObjectType("identity+jwt")).build(),
				claims().build());
		mac.sign(new MACSigner(KEY.toPublicJWK().toJSONString()));
		assertThat(statusWith(mac.serialize())).isEqualTo(401);
		assertThat(statusWith("nonsense")).isEqualTo(401);
	}

	@Test
	void twoAssertionsAreRefused() {
		String good = assertion(KEY, (claims) -> {
		});
		this.client.get().uri("/x").header("X-Auth-Assertion", good, good).exchange().expectStatus().isUnauthorized();
	}

	@Test
	void aNewKeyIsFetchedWhenItIsFirstSeen() {
		ECKey next = key("k2");
		assertThat(statusWith(assertion(KEY, (claims) -> {
		}))).isEqualTo(200);
		this.published = new JWKSet(List.of(KEY.toPublicJWK(), next.toPublicJWK()));
		assertThat(statusWith(assertion(next, (claims) -> {
		}))).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(ints = { 201, 204, 302, 404, 503 })
	void answersTheStatusAskedFor(int status) {
		this.client.get().uri("/status/" + status).headers(this::authorise).exchange().expectStatus().isEqualTo(status);
	}

	@Test
	void answersSoManyBytes() {
		this.client.mutate()
			.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(1 << 20))
			.build()
			.get()
			.uri("/bytes?n=100000")
			.headers(this::authorise)
			.exchange()
			.expectHeader()
			.contentLength(100_000)
			.expectBody()
			.consumeWith((result) -> assertThat(result.getResponseBody()).hasSize(100_000));
	}

	@Test
	void answersLater() {
		long start = System.nanoTime();
		this.client.get().uri("/slow?ms=300").headers(this::authorise).exchange().expectStatus().isOk();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
	}

	@Test
	void sendsAnEventASecond() {
		StepVerifier
			.create(this.client.get()
				.uri("/sse")
				.headers(this::authorise)
				.exchange()
				.returnResult(String.class)
				.getResponseBody()
				.take(2))
			.expectNext("tick 0", "tick 1")
			.expectComplete()
			.verify(WAIT);
	}

	@Test
	void echoesMessages() {
		HttpHeaders headers = new HttpHeaders();
		authorise(headers);
		StringBuilder echoed = new StringBuilder();
		new ReactorNettyWebSocketClient().execute(URI.create("ws://localhost:" + this.backend.port() + "/ws"), headers,
				(session) -> session.send(Mono.just(session.textMessage("hello")))
					.thenMany(session.receive().take(1).map(WebSocketMessage::getPayloadAsText))
					.doOnNext(echoed::append)
					.then(session.close()))
			.block(WAIT);
		assertThat(echoed).hasToString("hello");
	}

	private int statusWith(String assertion) {
		return this.client.get()
			.uri("/x")
			.header("X-Auth-Assertion", assertion)
			.exchange()
			.returnResult(Void.class)
			.getStatus()
			.value();
	}

	private void authorise(HttpHeaders headers) {
		headers.set("X-Auth-Assertion", assertion(KEY, (claims) -> {
		}));
	}

	private static String assertion(ECKey key, Consumer<JWTClaimsSet.Builder> change) {
		return signed(key, "identity+jwt", change);
	}

	private static String signed(ECKey key, String type, Consumer<JWTClaimsSet.Builder> change) {
		JWTClaimsSet.Builder claims = claims();
		change.accept(claims);
		SignedJWT jwt = new SignedJWT(
				new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).type(new JOSEObjectType(type)).build(),
				claims.build());
		try {
			jwt.sign(new ECDSASigner(key));
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
		return jwt.serialize();
	}

	private static JWTClaimsSet.Builder claims() {
		Instant now = Instant.now();
		return new JWTClaimsSet.Builder().issuer(ISSUER)
			.audience("kitchen")
			.subject("8f14e45f-ceea-467f-a8d6-9d3c1f2b7a10")
			.issueTime(Date.from(now))
			.expirationTime(Date.from(now.plusSeconds(60)));
	}

	private static ECKey key(String id) {
		try {
			return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
