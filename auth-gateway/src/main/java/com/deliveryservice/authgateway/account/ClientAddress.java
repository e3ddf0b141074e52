package com.deliveryservice.authgateway.account;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Where a request came from: the listener has resolved it through trusted proxies.
 */
final class ClientAddress {

	private ClientAddress() {
	}

	/**
	 * The client's address, or {@code null} if there is none.
	 */
	static @Nullable InetAddress of(ServerHttpRequest request) {
		InetSocketAddress remote = request.getRemoteAddress();
		return (remote != null) ? remote.getAddress() : null;
	}

}
