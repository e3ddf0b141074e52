package com.deliveryservice.authgateway.problem;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

import reactor.core.publisher.Mono;

/**
 * Writes a problem as the answer: the one place where the API lane makes an error
 * visible.
 */
@Component
public class ProblemWriter {

	private static final String REQUEST_ID = "X-Request-Id";

	private final List<ProblemFormat> formats;

	public ProblemWriter(List<ProblemFormat> formats) {
		this.formats = List.copyOf(formats);
	}

	/**
	 * Answers the exchange with a problem, in the format of its path.
	 * @return completes when it is written; fails if the answer has begun already
	 */
	public Mono<Void> write(ServerWebExchange exchange, Problem problem) {
		ServerHttpResponse response = exchange.getResponse();
		if (!response.setStatusCode(HttpStatusCode.valueOf(problem.status()))) {
			return Mono.error(new IllegalStateException("The answer has begun already"));
		}
		ProblemFormat format = formatOf(exchange);
		String requestId = requestId(exchange);
		byte[] body = (format != null) ? format.body(problem, requestId) : problem.toJson(requestId);
		MediaType type = (format != null) ? format.mediaType() : MediaType.APPLICATION_PROBLEM_JSON;
		writeHeaders(response.getHeaders(), problem, requestId);
		response.getHeaders().setContentType(type);
		response.getHeaders().setContentLength(body.length);
		return response.writeWith(Mono.fromSupplier(() -> wrap(response, body)));
	}

	/**
	 * The request's id: the listeners set it before the lane sees the request.
	 */
	static String requestId(ServerWebExchange exchange) {
		String given = exchange.getRequest().getHeaders().getFirst(REQUEST_ID);
		if (given != null) {
			return given;
		}
		String written = exchange.getResponse().getHeaders().getFirst(REQUEST_ID);
		return (written != null) ? written
				: UUID.nameUUIDFromBytes(exchange.getRequest().getId().getBytes(StandardCharsets.UTF_8)).toString();
	}

	private @Nullable ProblemFormat formatOf(ServerWebExchange exchange) {
		for (ProblemFormat format : this.formats) {
			if (format.covers(exchange.getRequest())) {
				return format;
			}
		}
		return null;
	}

	private static void writeHeaders(HttpHeaders headers, Problem problem, String requestId) {
		headers.remove(HttpHeaders.ETAG);
		headers.setCacheControl("no-store");
		headers.set(REQUEST_ID, requestId);
		headers.set("X-Gateway-Error", problem.code().code());
		String retryAfter = problem.retryAfterSeconds();
		if (retryAfter != null) {
			headers.set(HttpHeaders.RETRY_AFTER, retryAfter);
		}
		problem.headers().forEach(headers::set);
	}

	private static DataBuffer wrap(ServerHttpResponse response, byte[] body) {
		return response.bufferFactory().wrap(body);
	}

}
