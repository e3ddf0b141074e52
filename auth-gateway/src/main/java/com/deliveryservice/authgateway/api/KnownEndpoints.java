package com.deliveryservice.authgateway.api;

import java.util.List;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Says 404, 405 or 415 before anybody is asked who they are, as the forward lane does:
 * what is not served is no secret, and everything that is served stays denied by default.
 */
class KnownEndpoints implements WebFilter {

	private final DispatcherHandler dispatcher;

	KnownEndpoints(DispatcherHandler dispatcher) {
		this.dispatcher = dispatcher;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (CorsUtils.isPreFlightRequest(exchange.getRequest())) {
			return Mono.error(Problem.of(ProblemCode.FORBIDDEN)
				.withDetail("No other origin may use this API from a browser")
				.asException());
		}
		return handlerOf(exchange).switchIfEmpty(Mono.error(() -> Problem.of(ProblemCode.NO_ROUTE).asException()))
			.then(chain.filter(exchange));
	}

	private Mono<Object> handlerOf(ServerWebExchange exchange) {
		List<HandlerMapping> mappings = this.dispatcher.getHandlerMappings();
		return Flux.fromIterable((mappings != null) ? mappings : List.of())
			.concatMap((mapping) -> mapping.getHandler(exchange))
			.next();
	}

}
