package com.deliveryservice.authgateway.api;

import java.util.concurrent.atomic.AtomicBoolean;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * No body of the API lane is larger than 16 KiB (contract/client-api.md): judged by its
 * Content-Length before anything else happens, and counted while it is read. An answer
 * that is given before the body was read to its end closes the connection (RFC 9112
 * §9.3), so that the rest is never taken for a request.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
class BodyLimit implements WebFilter {

	static final int BYTES = 16 * 1024;

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpRequest request = exchange.getRequest();
		HttpHeaders headers = request.getHeaders();
		boolean hasBody = headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
		if (!hasBody) {
			return chain.filter(exchange);
		}
		if (isPacked(headers)) {
			exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close");
			return Mono.error(Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE)::asException);
		}
		CountedBody counted = new CountedBody(request);
		ServerHttpResponse response = exchange.getResponse();
		response.beforeCommit(() -> Mono.fromRunnable(() -> closeUnlessRead(counted, response)));
		return (headers.getContentLength() > BYTES) ? Mono.error(BodyLimit::tooLarge)
				: chain.filter(exchange.mutate().request(counted).build());
	}

	/**
	 * Nothing is unpacked here, so nothing packed is read as if it were not (RFC 9110
	 * §8.4).
	 */
	private static boolean isPacked(HttpHeaders headers) {
		return headers.getOrEmpty(HttpHeaders.CONTENT_ENCODING)
			.stream()
			.anyMatch((coding) -> !coding.equals("identity"));
	}

	private static void closeUnlessRead(CountedBody body, ServerHttpResponse response) {
		if (!body.wasRead.get()) {
			response.getHeaders().set(HttpHeaders.CONNECTION, "close");
		}
	}

	private static RuntimeException tooLarge() {
		return Problem.of(ProblemCode.TOO_LARGE).asException();
	}

	/**
	 * The request with a body that fails past the limit.
	 */
	private static final class CountedBody extends ServerHttpRequestDecorator {

		private final AtomicBoolean wasRead = new AtomicBoolean();

		CountedBody(ServerHttpRequest request) {
			super(request);
		}

		@Override
		public Flux<DataBuffer> getBody() {
			return Flux.defer(this::count).doOnComplete(() -> this.wasRead.set(true));
		}

		private Flux<DataBuffer> count() {
			int[] seen = new int[1];
			return super.getBody().doOnDiscard(DataBuffer.class, DataBufferUtils::release).handle((buffer, sink) -> {
				seen[0] += buffer.readableByteCount();
				if (seen[0] <= BYTES) {
					sink.next(buffer);
					return;
				}
				DataBufferUtils.release(buffer);
				sink.error(tooLarge());
			});
		}

	}

}
