package com.deliveryservice.authgateway.upstream;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.net.ssl.TrustManagerFactory;

import com.deliveryservice.authgateway.route.Route;
import com.deliveryservice.authgateway.route.RouteTable;
import com.deliveryservice.authgateway.route.Upstream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/**
 * The pools of all backends that routes lead to: one for each, so that one dead or slow
 * backend costs only its own users.
 */
@Component
public class Upstreams implements AutoCloseable {

	private final Resolvers resolvers = new Resolvers();

	private final Map<Upstream, UpstreamPool> pools = new LinkedHashMap<>();

	@Autowired
	Upstreams(RouteTable routes, UpstreamSettings settings, SslBundles bundles) {
		this(routes, settings, trust(settings, bundles));
	}

	/**
	 * Pools for all routes.
	 * @param routes where requests go
	 * @param settings the bounds of each pool
	 * @param trust whom to trust, or {@code null} for what the JVM trusts
	 */
	public Upstreams(RouteTable routes, UpstreamSettings settings, @Nullable TrustManagerFactory trust) {
		for (Route route : routes.routes()) {
			this.pools.computeIfAbsent(route.upstream(),
					(upstream) -> new UpstreamPool(upstream, settings, new Connector(upstream, this.resolvers, trust)));
		}
	}

	private static @Nullable TrustManagerFactory trust(UpstreamSettings settings, SslBundles bundles) {
		String name = settings.sslBundle();
		if (name == null || name.isBlank()) {
			return null;
		}
		try {
			return bundles.getBundle(name).getManagers().getTrustManagerFactory();
		}
		catch (NoSuchSslBundleException ex) {
			throw new IllegalArgumentException(
					"auth-gateway.upstream.ssl-bundle: " + name + " (expected the name of a spring.ssl.bundle)", ex);
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
