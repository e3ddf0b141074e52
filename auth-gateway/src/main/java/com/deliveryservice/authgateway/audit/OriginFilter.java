package com.deliveryservice.authgateway.audit;

import java.net.InetSocketAddress;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

import com.deliveryservice.authgateway.identity.RequestIds;

import reactor.core.publisher.Mono;

/**
 * Puts where a request comes from into its Reactor context. The listener has given it an
 * id, and resolved its address through trusted proxies.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class OriginFilter implements WebFilter {

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		return chain.filter(exchange)
			.contextWrite((context) -> context.put(Origin.class, originOf(exchange.getRequest())));
	}

	private static Origin originOf(ServerHttpRequest request) {
		InetSocketAddress remote = request.getRemoteAddress();
		return Origin.of(request.getHeaders().getFirst(RequestIds.HEADER),
				(remote != null) ? remote.getAddress() : null);
	}

}
