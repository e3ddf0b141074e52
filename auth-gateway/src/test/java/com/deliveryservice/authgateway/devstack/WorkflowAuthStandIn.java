package com.deliveryservice.authgateway.devstack;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.handler.codec.http.QueryStringDecoder;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A stand-in of workflow-auth (contract/workflow-auth.md) on a loopback port. It really
 * calls the auth backend back over HTTP, keeps its own session tokens, "sends" codes into
 * an outbox ({@code GET /outbox?to=}), and misbehaves when told to, from Java or by
 * {@code POST /misbehave {"operation","mode","times", …}} and {@code DELETE /misbehave}.
 */
public final class WorkflowAuthStandIn implements AutoCloseable {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final SessionTokens tokens = new SessionTokens();

	private final Outbox outbox = new Outbox();

	private final Misbehaviours misbehaviours = new Misbehaviours();

	private final List<Call> calls = new CopyOnWriteArrayList<>();

	private final AuthBackend authBackend;

	private final StandInOperations operations;

	private final DisposableServer server;

	private WorkflowAuthStandIn(int port, AuthBackend authBackend) {
		this.authBackend = authBackend;
		this.operations = new StandInOperations(authBackend, this.tokens, this.outbox);
		this.server = HttpServer.create()
			.host("localhost")
			.port(port)
			.route((routes) -> routes.post("/AuthWebApi/{operation}", this::operate)
				.get("/outbox", this::readOutbox)
				.post("/misbehave", this::misbehave)
				.delete("/misbehave", this::behave))
			.bindNow();
	}

	/**
	 * Starts it.
	 * @param port to listen on, 0 for any
	 * @param authBackendBaseUrl the gateway's internal listener, such as
	 * {@code http://localhost:8081}, or {@code null} until {@link #authBackend(String)}
	 * @param username of the Basic credentials that the auth backend asks for, or
	 * {@code null}
	 * @param password of these
	 */
	public static WorkflowAuthStandIn start(int port, @Nullable String authBackendBaseUrl, @Nullable String username,
			@Nullable String password) {
		return new WorkflowAuthStandIn(port, new AuthBackend(authBackendBaseUrl, username, password));
	}

	public int port() {
		return this.server.port();
	}

	/**
	 * What {@code auth-gateway.workflow-auth.base-url} is set to.
	 */
	public String baseUrl() {
		return "http://localhost:" + port();
	}

	/**
	 * Says where the auth backend is, for who learns it only after the start.
	 */
	public void authBackend(String baseUrl) {
		this.authBackend.baseUrl(baseUrl);
	}

	/**
	 * The codes sent to a contact, newest first.
	 */
	public List<String> codesSentTo(String contact) {
		return this.outbox.to(contact).stream().map(Outbox.Message::code).toList();
	}

	/**
	 * How long the session tokens live that are given out from now on.
	 */
	public void sessionTokenLife(Duration life) {
		this.tokens.life(life);
	}

	/**
	 * Lets AddUser answer ids of the stand-in's own instead of the auth backend's: the
	 * real service may do either.
	 */
	public void ownSignUpGuids(boolean own) {
		this.operations.ownSignUpGuids(own);
	}

	/**
	 * Misbehaves at every call of an operation until {@link #behave()}.
	 * @param operation which, or {@code null} for each
	 */
	public void misbehave(@Nullable Operation operation, Misbehaviour misbehaviour) {
		misbehave(operation, misbehaviour, Integer.MAX_VALUE);
	}

	/**
	 * Misbehaves at the next so many calls of an operation.
	 * @param operation which, or {@code null} for each
	 */
	public void misbehave(@Nullable Operation operation, Misbehaviour misbehaviour, int times) {
		this.misbehaviours.set(operation, misbehaviour, times);
	}

	/**
	 * Ends every misbehaviour.
	 */
	public void behave() {
		this.misbehaviours.clear();
	}

	/**
	 * What was asked of an operation so far, oldest first.
	 */
	public List<Call> calls(Operation operation) {
		return this.calls.stream().filter((call) -> call.operation() == operation).toList();
	}

	@Override
	public void close() {
		this.server.disposeNow(Duration.ofSeconds(5));
		this.authBackend.close();
	}

	private Publisher<Void> operate(HttpServerRequest request, HttpServerResponse response) {
		Operation operation = Operation.find(String.valueOf(request.param("operation"))).orElse(null);
		if (operation == null) {
			return response.sendNotFound();
		}
		String authorization = request.requestHeaders().get("Authorization");
		return body(request).flatMap((body) -> {
			this.calls.add(new Call(operation, authorization, body));
			return this.misbehaviours.next(operation).answer(response, operation, this.operations.run(operation, body));
		}).onErrorResume(JacksonException.class, (ex) -> response.status(400).send());
	}

	private Publisher<Void> readOutbox(HttpServerRequest request, HttpServerResponse response) {
		List<String> to = new QueryStringDecoder(request.uri()).parameters().getOrDefault("to", List.of());
		// the plus of a phone number is often left unescaped, and no contact has a space
		String contact = to.isEmpty() ? null : to.get(0).replace(' ', '+');
		List<Map<String, String>> messages = this.outbox.to(contact)
			.stream()
			.map((message) -> Map.of("to", message.to(), "code", message.code(), "sent_at",
					message.sentAt().toString()))
			.toList();
		return Misbehaviour.json(JSON.writeValueAsString(messages)).answer(response, Operation.ADD_USER, Mono.empty());
	}

	private Publisher<Void> misbehave(HttpServerRequest request, HttpServerResponse response) {
		return body(request).flatMap((body) -> {
			MisbehaviourMode mode = MisbehaviourMode.find(body.path("mode").asString("")).orElseThrow();
			String name = body.path("operation").asString("*");
			Operation operation = "*".equals(name) ? null : Operation.find(name).orElseThrow();
			misbehave(operation, mode.misbehaviour(body), body.path("times").asInt(Integer.MAX_VALUE));
			return response.status(204).send();
		}).onErrorResume((ex) -> response.status(400).send());
	}

	private Publisher<Void> behave(HttpServerRequest request, HttpServerResponse response) {
		behave();
		return response.status(204).send();
	}

	private static Mono<JsonNode> body(HttpServerRequest request) {
		return request.receive().aggregate().asString().defaultIfEmpty("").map(JSON::readTree);
	}

	/**
	 * One call of an operation.
	 *
	 * @param operation what was called
	 * @param authorization the {@code Authorization} header, or {@code null}
	 * @param body what came
	 */
	public record Call(Operation operation, @Nullable String authorization, JsonNode body) {

	}

}
