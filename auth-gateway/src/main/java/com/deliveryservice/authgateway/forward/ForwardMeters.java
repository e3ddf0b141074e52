package com.deliveryservice.authgateway.forward;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.route.Route;
import com.deliveryservice.authgateway.route.RouteTable;
import com.deliveryservice.authgateway.upstream.UpstreamPool;
import com.deliveryservice.authgateway.upstream.Upstreams;

/**
 * What the edge and the forward lane count. Every meter is made at the start; tags are
 * routes, codes and outcomes, never anything of a request.
 */
@Component
class ForwardMeters {

	/** 1xx to 5xx by their first digit, then what never became an answer. */
	private static final String[] OUTCOMES = { "none", "1xx", "2xx", "3xx", "4xx", "5xx", "truncated", "cancelled",
			"refused" };

	static final int TRUNCATED = 6;

	static final int CANCELLED = 7;

	static final int REFUSED = 8;

	private final Map<Route, Timer[]> forwarded = new ConcurrentHashMap<>();

	private final Map<ProblemCode, Counter> refused = new EnumMap<>(ProblemCode.class);

	private final Counter untrustedForwardedFor;

	private final Counter retries;

	private final AtomicInteger connections;

	private final AtomicInteger inFlight;

	private final AtomicInteger streams;

	ForwardMeters(MeterRegistry registry, RouteTable routes, Upstreams upstreams) {
		for (Route route : routes.routes()) {
			this.forwarded.put(route, timers(registry, route));
		}
		for (ProblemCode code : ProblemCode.values()) {
			Counter counter = Counter.builder("auth_gateway.edge.refused")
				.description("requests that the edge refused")
				.tag("code", code.code())
				.register(registry);
			this.refused.put(code, counter);
		}
		this.untrustedForwardedFor = Counter.builder("auth_gateway.edge.untrusted_forwarded_for")
			.description("requests with X-Forwarded-For while auth-gateway.trusted-proxies is empty")
			.register(registry);
		this.retries = Counter.builder("auth_gateway.forward.retries")
			.description("requests that were sent once more, to another connection")
			.register(registry);
		this.connections = gauge(registry, "auth_gateway.edge.connections");
		this.inFlight = gauge(registry, "auth_gateway.forward.in_flight");
		this.streams = gauge(registry, "auth_gateway.forward.streams");
		for (UpstreamPool pool : upstreams.all()) {
			Tags tags = Tags.of("upstream", pool.upstream().toString());
			registry.gauge("auth_gateway.upstream.connections", tags, pool, UpstreamPool::size);
			registry.gauge("auth_gateway.upstream.waiting", tags, pool, UpstreamPool::waiting);
			registry.gauge("auth_gateway.upstream.retrying", tags, pool, UpstreamPool::retrying);
			registry.gauge("auth_gateway.upstream.streams", tags, pool, UpstreamPool::streams);
			registry.gauge("auth_gateway.upstream.breaker", tags, pool, (it) -> it.breaker().isOpen() ? 1 : 0);
			registry.gauge("auth_gateway.upstream.addresses_out", tags, pool, UpstreamPool::addressesOut);
		}
	}

	void retried() {
		this.retries.increment();
	}

	/**
	 * Open client connections.
	 */
	AtomicInteger connections() {
		return this.connections;
	}

	/**
	 * Requests being forwarded.
	 */
	AtomicInteger inFlight() {
		return this.inFlight;
	}

	/**
	 * Open event streams and WebSockets.
	 */
	AtomicInteger streams() {
		return this.streams;
	}

	/**
	 * The timers of a route, by outcome.
	 */
	Timer[] of(Route route) {
		Timer[] timers = this.forwarded.get(route);
		if (timers == null) {
			throw new IllegalArgumentException("no route of this table: " + route.id());
		}
		return timers;
	}

	static void record(Timer[] timers, int outcome, long nanos) {
		timers[outcome].record(nanos, TimeUnit.NANOSECONDS);
	}

	void refused(ProblemCode code) {
		Counter counter = this.refused.get(code);
		if (counter != null) {
			counter.increment();
		}
	}

	void untrustedForwardedFor() {
		this.untrustedForwardedFor.increment();
	}

	private static Timer[] timers(MeterRegistry registry, Route route) {
		Timer[] timers = new Timer[OUTCOMES.length];
		for (int i = 0; i < OUTCOMES.length; i++) {
			timers[i] = Timer.builder("auth_gateway.forward")
				.description("forwarded requests")
				.tag("route", route.id())
				.tag("outcome", OUTCOMES[i])
				.register(registry);
		}
		return timers;
	}

	private static AtomicInteger gauge(MeterRegistry registry, String name) {
		AtomicInteger number = new AtomicInteger();
		registry.gauge(name, number);
		return number;
	}

}
