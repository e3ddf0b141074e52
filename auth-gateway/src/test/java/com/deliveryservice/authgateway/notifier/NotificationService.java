package com.deliveryservice.authgateway.notifier;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A notification service on a real socket that answers as a test says.
 */
final class NotificationService implements AutoCloseable {

	/** What came, in its order, whether it was taken or not. */
	final List<Request> requests = new CopyOnWriteArrayList<>();

	private final DisposableServer server;

	private volatile BiFunction<HttpServerResponse, Request, Publisher<Void>> answer = (response,
			request) -> response.status(202).send();

	NotificationService() {
		this.server = HttpServer.create()
			.host("localhost")
			.port(0)
			.handle((request,
					response) -> request.receive().aggregate().asString().defaultIfEmpty("").flatMap((body) -> {
						Request came = new Request(request.method().name() + " " + request.uri(),
								request.requestHeaders().get("Idempotency-Key"),
								request.requestHeaders().get("Authorization"),
								request.requestHeaders().get("Content-Type"), body);
						this.requests.add(came);
						return Mono.from(this.answer.apply(response, came));
					}))
			.bindNow();
	}

	String url() {
		return "http://localhost:" + this.server.port() + "/notify?v=1";
	}

	void answer(BiFunction<HttpServerResponse, Request, Publisher<Void>> answer) {
		this.answer = answer;
	}

	void status(int status) {
		answer((response, request) -> response.status(status).send());
	}

	@Override
	public void close() {
		this.server.disposeNow(Duration.ofSeconds(5));
	}

	/**
	 * What came.
	 *
	 * @param line method and target
	 * @param id {@code Idempotency-Key}
	 * @param authorization {@code Authorization}
	 * @param type {@code Content-Type}
	 * @param body as text
	 */
	record Request(String line, @Nullable String id, @Nullable String authorization, @Nullable String type,
			String body) {

	}

}
