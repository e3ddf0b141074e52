package com.deliveryservice.authgateway.forward;

import java.net.InetSocketAddress;
import java.util.List;

import io.netty.util.NetUtil;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.identity.RequestIds;
import com.deliveryservice.authgateway.identity.TrustedProxies;

/**
 * The edge's {@code HttpHandler}: what {@link ClientConnection} left over is the API
 * lane's. It sees the client's address, the request's id, and the headers that every
 * answer of the gateway has.
 */
@Component
class EdgeHandler implements HttpHandler {

	private final ApiLane lane;

	private final TrustedProxies proxies;

	EdgeHandler(ApiLane lane, TrustedProxies proxies) {
		this.lane = lane;
		this.proxies = proxies;
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		HttpHeaders headers = response.getHeaders();
		String id = request.getHeaders().getFirst(RequestIds.HEADER);
		headers.set(RequestIds.HEADER, (id != null) ? id : RequestIds.next());
		headers.set("X-Content-Type-Options", "nosniff");
		headers.set("Content-Security-Policy", "frame-ancestors 'none'");
		headers.set("Strict-Transport-Security", "max-age=31536000");
		headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
		return this.lane.handler().handle(withClientAddress(request), response);
	}

	private ServerHttpRequest withClientAddress(ServerHttpRequest request) {
		InetSocketAddress peer = request.getRemoteAddress();
		List<String> forwardedFor = request.getHeaders().getOrEmpty("X-Forwarded-For");
		if (peer == null || forwardedFor.isEmpty() || !this.proxies.trusts(peer.getAddress())) {
			return request;
		}
		String client = this.proxies.clientAddress(peer.getAddress(), forwardedFor);
		return request.mutate()
			.remoteAddress(new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(client), 0))
			.build();
	}

}
