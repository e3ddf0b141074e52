package com.deliveryservice.authgateway.route;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code auth-gateway.routes[]} as configured (contract/configuration.md); checked by
 * {@link RouteTable}, which knows the place in the list.
 *
 * @param routes in order of matching
 */
@ConfigurationProperties("auth-gateway")
public record RoutesSettings(@DefaultValue List<Entry> routes) {

	/**
	 * One route.
	 *
	 * @param id its name, unique
	 * @param path a Spring {@code PathPattern}
	 * @param methods HTTP methods; empty for all
	 * @param upstream {@code http(s)://host[:port]}
	 * @param stripPrefix path segments that are removed before forwarding
	 * @param access who may use it; left out for nobody
	 * @param audience of the assertion; left out for the id
	 * @param forwardAuthorization whether the backend gets the client's
	 * {@code Authorization}
	 * @param onStaleRevocation {@code allow} or {@code deny}
	 * @param timeout of connecting, the first byte, and silence
	 * @param websocket whether upgrades pass
	 * @param allowedOrigins of WebSocket handshakes that carry an {@code Origin}
	 * @param maxBody longest request body
	 * @param http2 whether the backend is spoken to by HTTP/2, as gRPC needs it
	 */
	public record Entry(@Nullable String id, @Nullable String path, @DefaultValue List<String> methods,
			@Nullable String upstream, @DefaultValue("0") int stripPrefix, @Nullable Access access,
			@Nullable String audience, @DefaultValue("false") boolean forwardAuthorization,
			@DefaultValue("allow") String onStaleRevocation, @DefaultValue Timeout timeout,
			@DefaultValue("false") boolean websocket, @DefaultValue List<String> allowedOrigins,
			@DefaultValue("10MB") DataSize maxBody, @DefaultValue("false") boolean http2) {

	}

	/**
	 * Who may use a route.
	 *
	 * @param userTypes any of these
	 * @param scopes and all of these
	 * @param anonymous or everybody
	 */
	public record Access(@DefaultValue List<String> userTypes, @DefaultValue List<String> scopes,
			@DefaultValue("false") boolean anonymous) {

	}

	/**
	 * How long a backend is waited for.
	 *
	 * @param connect for a connection
	 * @param firstByte from the sent request to the answer's head
	 * @param idle between two bytes of the answer
	 */
	public record Timeout(@DefaultValue("1s") Duration connect, @DefaultValue("15s") Duration firstByte,
			@DefaultValue("30s") Duration idle) {

	}

}
