package com.deliveryservice.authgateway.devstack;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a demo backend answers to a verified request.
 */
final class DemoHandler implements WebHandler {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final int PART = 16 * 1024;

	private static final long MOST_BYTES = 4L << 30;

	private static final long LONGEST_WAIT = Duration.ofMinutes(10).toMillis();

	private final HandshakeWebSocketService webSockets = new HandshakeWebSocketService();

	private final String name;

	DemoHandler(String name) {
		this.name = name;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		String path = exchange.getRequest().getPath().value();
		return switch (path) {
			case "/sse" -> events(exchange.getResponse());
			case "/ws" -> echoMessages(exchange);
			case "/bytes" -> bytes(exchange);
			case "/slow" -> Mono.delay(Duration.ofMillis(number(exchange, "ms", LONGEST_WAIT))).then(show(exchange));
			default -> path.matches("/status/[2-5]\\d\\d") ? status(exchange, path) : show(exchange);
		};
	}

	private Mono<Void> show(ServerWebExchange exchange) {
		MessageDigest digest = sha256();
		return exchange.getRequest()
			.getBody()
			.map((part) -> digested(digest, part))
			.reduce(0L, Long::sum)
			.flatMap((length) -> {
				ObjectNode shown = describe(exchange.getRequest());
				shown.put("body_length", length);
				shown.put("body_sha256", HexFormat.of().formatHex(digest.digest()));
				return write(exchange.getResponse(), MediaType.APPLICATION_JSON, shown.toString());
			});
	}

	private ObjectNode describe(ServerHttpRequest request) {
		String[] target = target(request).split("\\?", 2);
		Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		request.getHeaders().forEach(headers::put);
		ObjectNode shown = JSON.createObjectNode();
		shown.put("backend", this.name);
		shown.put("method", request.getMethod().name());
		shown.put("path", target[0]);
		shown.put("query", (target.length > 1) ? target[1] : null);
		shown.set("headers", JSON.valueToTree(headers));
		return shown;
	}

	/** The target as it came, before anybody decoded or tidied it. */
	private static String target(ServerHttpRequest request) {
		HttpServerRequest nativeRequest = AbstractServerHttpRequest.class.cast(request).getNativeRequest();
		return nativeRequest.uri();
	}

	private Mono<Void> status(ServerWebExchange exchange, String path) {
		HttpStatusCode status = HttpStatusCode.valueOf(Integer.parseInt(path.substring("/status/".length())));
		exchange.getResponse().setStatusCode(status);
		boolean bodiless = status.equals(HttpStatus.NO_CONTENT) || status.equals(HttpStatus.NOT_MODIFIED);
		return bodiless ? exchange.getResponse().setComplete() : show(exchange);
	}

	private static Mono<Void> events(ServerHttpResponse response) {
		response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
		return response.writeAndFlushWith(Flux.interval(Duration.ZERO, Duration.ofSeconds(1))
			.onBackpressureDrop()
			.map((tick) -> Mono.just(buffer(response, "id: " + tick + "\ndata: tick " + tick + "\n\n"))));
	}

	private Mono<Void> echoMessages(ServerWebExchange exchange) {
		return this.webSockets.handleRequest(exchange,
				(session) -> session.send(session.receive().doOnNext(WebSocketMessage::retain)));
	}

	private static Mono<Void> bytes(ServerWebExchange exchange) {
		ServerHttpResponse response = exchange.getResponse();
		long total = number(exchange, "n", MOST_BYTES);
		response.getHeaders().setContentType(MediaType.APPLICATION_OCTET_STREAM);
		response.getHeaders().setContentLength(total);
		byte[] part = "0123456789abcdef".repeat(PART / 16).getBytes(StandardCharsets.US_ASCII);
		return response.writeWith(Flux.generate(() -> total, (left, sink) -> {
			int size = (int) Math.min(left, PART);
			if (size == 0) {
				sink.complete();
			}
			else {
				sink.next(response.bufferFactory().allocateBuffer(size).write(part, 0, size));
			}
			return left - size;
		}));
	}

	private static Mono<Void> write(ServerHttpResponse response, MediaType type, String text) {
		response.getHeaders().setContentType(type);
		return response.writeWith(Mono.just(buffer(response, text)));
	}

	private static DataBuffer buffer(ServerHttpResponse response, String text) {
		return response.bufferFactory().wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private static long digested(MessageDigest digest, DataBuffer part) {
		byte[] bytes = new byte[part.readableByteCount()];
		part.read(bytes);
		DataBufferUtils.release(part);
		digest.update(bytes);
		return bytes.length;
	}

	private static long number(ServerWebExchange exchange, String name, long most) {
		String value = exchange.getRequest().getQueryParams().getFirst(name);
		return (value != null && value.matches("\\d{1,12}")) ? Math.min(Long.parseLong(value), most) : 0;
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
