package com.deliveryservice.authgateway.devstack;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

import io.netty.handler.codec.http.HttpHeaderNames;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the stand-in calls the auth backend back: over HTTP, with Basic credentials, and as
 * carelessly as the real service, which ignores the status and reads any body as the
 * answer.
 */
final class AuthBackend {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final ConnectionProvider connections = ConnectionProvider.create("stand-in-to-auth-backend", 500);

	private final HttpClient http = HttpClient.create(this.connections);

	private volatile @Nullable String baseUrl;

	private volatile @Nullable String authorization;

	AuthBackend(@Nullable String baseUrl, @Nullable String username, @Nullable String password) {
		this.baseUrl = baseUrl;
		this.authorization = (username != null) ? "Basic "
				+ Base64.getEncoder().encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8))
				: null;
	}

	void baseUrl(String baseUrl) {
		this.baseUrl = baseUrl;
	}

	/**
	 * Redirects an operation.
	 * @return its answer; fails if there is none or it is no JSON
	 */
	Mono<ObjectNode> call(Operation operation, JsonNode request) {
		return Mono.defer(() -> this.http.headers((headers) -> {
			headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json; charset=utf-8");
			if (this.authorization != null) {
				headers.set(HttpHeaderNames.AUTHORIZATION, this.authorization);
			}
		})
			.post()
			.uri(this.baseUrl + "/Auth/" + operation.wireName())
			.send(ByteBufMono.fromString(Mono.just(request.toString())))
			.responseSingle((response, body) -> body.asString(StandardCharsets.UTF_8))
			.map((body) -> operation.read(JSON.readTree(body)))
			.timeout(TIMEOUT));
	}

	void close() {
		this.connections.dispose();
	}

}
