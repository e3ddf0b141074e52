package com.deliveryservice.authgateway.upstream;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import com.deliveryservice.authgateway.route.Route;
import com.deliveryservice.authgateway.route.RouteTable;
import com.deliveryservice.authgateway.route.Upstream;
import org.springframework.stereotype.Component;

/**
 * The pools of all backends that routes lead to: one for each, so that one dead or slow
 * backend costs only its own users.
 */
@Component
public class Upstreams implements AutoCloseable {

	private final Resolvers resolvers = new Resolvers();

	private final Map<Upstream, UpstreamPool> pools = new LinkedHashMap<>();

	public Upstreams(RouteTable routes, UpstreamSettings settings) {
		for (Route route : routes.routes()) {
			this.pools.computeIfAbsent(route.upstream(),
					(upstream) -> new UpstreamPool(upstream, settings, this.resolvers));
		}
	}

	/**
	 * The pool of a route's backend.
	 */
	public UpstreamPool of(Route route) {
		UpstreamPool pool = this.pools.get(route.upstream());
		if (pool == null) {
			throw new IllegalArgumentException("no route of this table: " + route.id());
		}
		return pool;
	}

	/**
	 * Every pool.
	 */
	public Collection<UpstreamPool> all() {
		return this.pools.values();
	}

	@Override
	public void close() {
		this.resolvers.close();
	}

}
