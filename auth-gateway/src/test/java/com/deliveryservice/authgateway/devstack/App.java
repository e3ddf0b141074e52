package com.deliveryservice.authgateway.devstack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client app, as far as tests play it: calls the edge over HTTP, and waits no longer
 * than a person would.
 */
final class App {

	static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(PATIENCE)
		.build();

	private final String edgeUrl;

	App(DevStack stack) {
		this(stack.edgeUrl());
	}

	App(String edgeUrl) {
		this.edgeUrl = edgeUrl;
	}

	CompletableFuture<HttpResponse<String>> signingIn(String login, String password) {
		String body = "{\"login\":\"" + login + "\",\"password\":\"" + password + "\"}";
		return send(request("/auth/sign-in").header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(body)));
	}

	HttpResponse<String> signIn(String login) {
		return answerOf(signingIn(login, DemoUsers.PASSWORD));
	}

	/**
	 * The access token of a sign-in that has to succeed.
	 */
	String tokenOf(String login) {
		HttpResponse<String> answer = signIn(login);
		if (answer.statusCode() != 200) {
			throw new AssertionError(answer.statusCode() + " " + answer.body());
		}
		return json(answer).path("access_token").asString();
	}

	CompletableFuture<HttpResponse<String>> refreshing(String refreshToken) {
		return send(request("/oauth2/token").header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString("grant_type=refresh_token&refresh_token=" + refreshToken)));
	}

	HttpResponse<String> refresh(String refreshToken) {
		return answerOf(refreshing(refreshToken));
	}

	HttpResponse<String> postJson(String path, String json) {
		return answerOf(
				send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json))));
	}

	CompletableFuture<HttpResponse<String>> getting(String path, String token) {
		return send(request(path).header("Authorization", "Bearer " + token).GET());
	}

	HttpResponse<String> get(String path, String token) {
		return answerOf(getting(path, token));
	}

	HttpResponse<String> post(String path, String token) {
		return answerOf(posting(path, token));
	}

	CompletableFuture<HttpResponse<String>> posting(String path, String token) {
		return send(request(path).header("Authorization", "Bearer " + token).POST(BodyPublishers.noBody()));
	}

	CompletableFuture<HttpResponse<String>> patching(String path, String json, String token) {
		return send(request(path).header("Authorization", "Bearer " + token)
			.header("Content-Type", "application/json")
			.method("PATCH", BodyPublishers.ofString(json)));
	}

	/**
	 * Opens a WebSocket.
	 * @return the code that it will be closed with
	 */
	CompletableFuture<Integer> openingWebSocket(String path, String token) {
		CompletableFuture<Integer> closed = new CompletableFuture<>();
		this.http.newWebSocketBuilder()
			.header("Authorization", "Bearer " + token)
			.buildAsync(URI.create(this.edgeUrl.replace("http:", "ws:") + path), new WebSocket.Listener() {

				@Override
				public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
					closed.complete(code);
					return null;
				}

			})
			.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
			.join();
		return closed;
	}

	static HttpResponse<String> answerOf(CompletableFuture<HttpResponse<String>> asked) {
		return asked.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
	}

	static JsonNode json(HttpResponse<String> answer) {
		return JSON.readTree(answer.body());
	}

	/** The stable code of a refusal. */
	static String code(HttpResponse<String> answer) {
		return answer.headers().firstValue("X-Gateway-Error").orElse("none");
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.edgeUrl + path)).timeout(PATIENCE);
	}

	private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
		return this.http.sendAsync(request.build(), BodyHandlers.ofString());
	}

}
