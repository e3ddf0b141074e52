package com.deliveryservice.authgateway.forward;

import java.util.List;
import java.util.function.Predicate;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.stereotype.Component;

import reactor.netty.http.server.HttpServer;

import com.deliveryservice.authgateway.identity.TrustedProxies;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.route.RouteTable;
import com.deliveryservice.authgateway.route.RoutesSettings;

/**
 * Makes a further listener that forwards nothing: behind the same guard and bounds as the
 * edge, in front of the same API lane, for paths of its own. It also tells an ingress
 * what the edge would decide.
 */
@Component
public class GuardedServer {

	private final HttpHandler handler;

	private final EdgeSettings bounds;

	private final TrustedProxies proxies;

	private final Edge.Lane nowhere;

	private final Decisions decisions;

	GuardedServer(HttpHandler handler, EdgeSettings edge, TrustedProxies proxies, Edge.Lane lane, UserTypes userTypes) {
		this.handler = handler;
		this.bounds = new EdgeSettings(edge.headerTimeout(), edge.bodyTimeout(), edge.requestTimeout(),
				edge.keepAlive(), edge.writeTimeout(), edge.streamIdle(), edge.streamDrain(), edge.pingEvery(),
				edge.websocketMaxFrame(), edge.maxRequests(), edge.maxConnections(), edge.maxInFlight(), List.of());
		this.proxies = proxies;
		this.nowhere = new Edge.Lane(new RouteTable(new RoutesSettings(List.of()), userTypes), lane.gatekeeper(),
				lane.assertions(), lane.upstreams(), lane.clock());
		this.decisions = new Decisions(lane);
	}

	/**
	 * Puts the guard and the API lane on a server.
	 * @param server with its address
	 * @param paths which canonical raw paths are served; anything else is 404
	 * {@code no-route}
	 * @return the server, ready to be bound
	 */
	public HttpServer guard(HttpServer server, Predicate<String> paths) {
		ForwardMeters own = new ForwardMeters(new SimpleMeterRegistry(), this.nowhere.routes(),
				this.nowhere.upstreams());
		Edge listener = new Edge(this.bounds, this.proxies, this.nowhere, own, paths).deciding(this.decisions);
		return EdgeServer.guard(server, listener, null).handle(new ReactorHttpHandlerAdapter(this.handler));
	}

}
