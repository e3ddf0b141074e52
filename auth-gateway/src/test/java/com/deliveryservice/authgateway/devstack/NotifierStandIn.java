package com.deliveryservice.authgateway.devstack;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

import io.netty.handler.codec.http.QueryStringDecoder;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A stand-in of the company's notification service (contract/configuration.md,
 * {@code auth-gateway.notifier}) on a loopback port: keeps what it is given in an outbox
 * ({@code GET /outbox?to=}) instead of sending it, each once, and is away when told to
 * be.
 */
public final class NotifierStandIn implements AutoCloseable {

	static final String USERNAME = "auth-gateway";

	static final String PASSWORD = "delivery-demo-notifier";

	private static final int MOST = 1000;

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final String AUTHORIZATION = "Basic "
			+ Base64.getEncoder().encodeToString((USERNAME + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));

	private final ConcurrentLinkedDeque<Message> messages = new ConcurrentLinkedDeque<>();

	private final DisposableServer server;

	private volatile int status = 202;

	private NotifierStandIn(int port) {
		this.server = HttpServer.create()
			.host("localhost")
			.port(port)
			.route((routes) -> routes.post("/notifications", this::take).get("/outbox", this::readOutbox))
			.bindNow();
	}

	/**
	 * Starts it.
	 * @param port to listen on, 0 for any
	 */
	public static NotifierStandIn start(int port) {
		return new NotifierStandIn(port);
	}

	/**
	 * What {@code auth-gateway.notifier.url} is set to.
	 */
	public String url() {
		return baseUrl() + "/notifications";
	}

	public String baseUrl() {
		return "http://localhost:" + this.server.port();
	}

	/**
	 * What was sent to a contact, newest first.
	 */
	public List<Message> sentTo(@Nullable String contact) {
		return this.messages.stream()
			.filter((message) -> contact == null || message.to().equalsIgnoreCase(contact))
			.toList();
	}

	/**
	 * Answers with this status from now on, and takes nothing unless it is 2xx.
	 */
	public void answer(int status) {
		this.status = status;
	}

	@Override
	public void close() {
		this.server.disposeNow(Duration.ofSeconds(5));
	}

	private Publisher<Void> take(HttpServerRequest request, HttpServerResponse response) {
		int answer = AUTHORIZATION.equals(request.requestHeaders().get("Authorization")) ? this.status : 401;
		String id = request.requestHeaders().get("Idempotency-Key", "");
		return request.receive().aggregate().asString().defaultIfEmpty("").flatMap((body) -> {
			if (answer / 100 == 2) {
				keep(id, JSON.readTree(body));
			}
			return response.status(answer).send();
		});
	}

	private synchronized void keep(String id, JsonNode body) {
		if (this.messages.stream().anyMatch((message) -> message.id().equals(id))) {
			return;
		}
		Map<String, String> data = new LinkedHashMap<>();
		body.path("data").properties().forEach((entry) -> data.put(entry.getKey(), entry.getValue().asString()));
		this.messages.addFirst(new Message(id, body.path("to").asString(), body.path("channel").asString(),
				body.path("template").asString(), data, Instant.now()));
		while (this.messages.size() > MOST) {
			this.messages.pollLast();
		}
	}

	/**
	 * With {@code wait=} so many seconds for something that is no older than that.
	 */
	private Publisher<Void> readOutbox(HttpServerRequest request, HttpServerResponse response) {
		QueryStringDecoder query = new QueryStringDecoder(request.uri());
		// the plus of a phone number is often left unescaped, and no contact has a space
		String to = parameter(query, "to").replace(' ', '+');
		String contact = to.isEmpty() ? null : to;
		Duration wait = Duration.ofSeconds(Long.parseLong("0" + parameter(query, "wait")));
		Mono<String> shown = Flux.interval(Duration.ZERO, Duration.ofMillis(50))
			.take(1 + wait.toMillis() / 50)
			.takeUntil((tick) -> sentTo(contact).stream().anyMatch((message) -> message.isYoungerThan(wait)))
			.then(Mono.fromSupplier(
					() -> JSON.writeValueAsString(sentTo(contact).stream().map(NotifierStandIn::shown).toList())));
		return response.header("Content-Type", "application/json").sendString(shown);
	}

	private static String parameter(QueryStringDecoder query, String name) {
		return query.parameters().getOrDefault(name, List.of("")).get(0);
	}

	private static Map<String, Object> shown(Message message) {
		Map<String, Object> shown = new LinkedHashMap<>();
		shown.put("to", message.to());
		shown.put("channel", message.channel());
		shown.put("template", message.template());
		shown.put("data", message.data());
		shown.put("sent_at", message.sentAt().toString());
		return shown;
	}

	/**
	 * One notification.
	 *
	 * @param id its {@code Idempotency-Key}
	 * @param to e-mail address or phone number
	 * @param channel {@code email} or {@code phone}
	 * @param template what is told
	 * @param data what goes with it
	 * @param sentAt when
	 */
	public record Message(String id, String to, String channel, String template, Map<String, String> data,
			Instant sentAt) {

		boolean isYoungerThan(Duration age) {
			return this.sentAt.isAfter(Instant.now().minus(age));
		}

		/** The code in it. */
		public String code() {
			return this.data.getOrDefault("code", "");
		}

	}

}
