package com.deliveryservice.authgateway.forward;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.identity.TrustedProxies;
import com.deliveryservice.authgateway.protection.SignInRoom;
import com.deliveryservice.authgateway.route.RouteTable;
import com.deliveryservice.authgateway.token.Assertions;
import com.deliveryservice.authgateway.upstream.Upstreams;

/**
 * What all connections of the edge share.
 */
@Component
class Edge {

	private static final Logger log = LoggerFactory.getLogger(Edge.class);

	private final EdgeSettings settings;

	private final RequestGuard guard;

	private final TrustedProxies proxies;

	private final Lane lane;

	private final ForwardMeters meters;

	private final Predicate<String> ownPaths;

	private final AtomicBoolean warned = new AtomicBoolean();

	private volatile @Nullable Decisions decisions;

	private Supplier<HttpHandler> api = () -> {
		throw new IllegalStateException("no API lane");
	};

	private SignInRoom signIns = () -> false;

	private volatile boolean draining;

	private volatile long drainingSince;

	@Autowired
	Edge(EdgeSettings settings, TrustedProxies proxies, Lane lane, ForwardMeters meters) {
		this(settings, proxies, lane, meters, OwnPaths::contains);
	}

	/**
	 * A listener.
	 * @param settings its bounds
	 * @param proxies whose word counts
	 * @param lane where its routes lead
	 * @param meters what it counts
	 * @param ownPaths which canonical raw paths are handed over to the API lane
	 */
	Edge(EdgeSettings settings, TrustedProxies proxies, Lane lane, ForwardMeters meters, Predicate<String> ownPaths) {
		this.settings = settings;
		this.guard = new RequestGuard(settings.hosts());
		this.proxies = proxies;
		this.lane = lane;
		this.meters = meters;
		this.ownPaths = ownPaths;
	}

	EdgeSettings settings() {
		return this.settings;
	}

	RequestGuard guard() {
		return this.guard;
	}

	TrustedProxies proxies() {
		return this.proxies;
	}

	Lane lane() {
		return this.lane;
	}

	ForwardMeters meters() {
		return this.meters;
	}

	/**
	 * Whether a canonical raw path is handed over to the API lane.
	 */
	boolean owns(String path) {
		return this.ownPaths.test(path);
	}

	/**
	 * Who serves what this listener owns and Reactor Netty does not serve: by HTTP/2.
	 * @param handler asked for with the first request
	 */
	Edge withApi(Supplier<HttpHandler> handler) {
		this.api = handler;
		return this;
	}

	HttpHandler api() {
		return this.api.get();
	}

	/**
	 * Lets this listener refuse sign-ins for which there is no room.
	 */
	Edge shedding(SignInRoom room) {
		this.signIns = room;
		return this;
	}

	/**
	 * Whether a request that is the API lane's is refused without troubling it, since it
	 * would be refused there after much more work.
	 * @param path its canonical raw path
	 */
	boolean isOverloaded(HttpMethod method, String path) {
		return method.equals(HttpMethod.POST) && OwnPaths.isSignIn(path) && this.signIns.isFull();
	}

	/**
	 * Lets this listener answer ingresses that ask for a decision.
	 */
	Edge deciding(Decisions decisions) {
		this.decisions = decisions;
		return this;
	}

	/**
	 * Who answers a request for a decision.
	 * @param target its target, canonical or not
	 * @return {@code null} if it asks for none, or not here
	 */
	@Nullable Decisions decisionsFor(String target) {
		Decisions here = this.decisions;
		return (here != null && OriginalRequest.isAskedAt(target)) ? here : null;
	}

	/**
	 * Whether connections are to be closed after their answers.
	 */
	boolean isDraining() {
		return this.draining;
	}

	void drain(boolean on) {
		this.drainingSince = System.nanoTime();
		this.draining = on;
	}

	/**
	 * Whether a stream has to end because the listener is about to: each at a moment of
	 * its own, so that not all clients come back at once.
	 * @param now as of {@link System#nanoTime}
	 * @param startedAt the stream's beginning, which decides about its moment
	 */
	boolean isStreamOver(long now, long startedAt) {
		return this.draining && now - this.drainingSince >= Math.floorMod(startedAt * 0x9E3779B97F4A7C15L,
				this.settings.streamDrain().toNanos());
	}

	/**
	 * Somebody forwards for us, and nobody is trusted: most likely a forgotten setting.
	 */
	void forwardedForIgnored() {
		this.meters.untrustedForwardedFor();
		if (this.warned.compareAndSet(false, true)) {
			log.warn("X-Forwarded-For came and is ignored: auth-gateway.trusted-proxies is empty, so every client "
					+ "has the address of the proxy");
		}
	}

	/**
	 * What the forward lane needs to admit a request and to forward it.
	 *
	 * @param routes where to
	 * @param gatekeeper who may
	 * @param assertions what the backend is told
	 * @param upstreams by which connection
	 * @param clock tells when a session's absolute end is reached
	 */
	@Component
	record Lane(RouteTable routes, Gatekeeper gatekeeper, Assertions assertions, Upstreams upstreams, Clock clock) {

	}

}
