package com.deliveryservice.authgateway.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.identity.UserTypes;

/**
 * All routes in their configured order; the first that matches wins, and without one
 * nothing is forwarded. Immutable.
 */
@Component
public class RouteTable {

	/** What is always the gateway's own (contract/client-api.md). */
	private static final List<RoutePath> OWN = List.of(RoutePath.parse("/auth/**"), RoutePath.parse("/oauth2/**"),
			RoutePath.parse("/.well-known/**"), RoutePath.parse("/openapi.yaml"));

	private static final Decision NO_ROUTE = new Decision.NoRoute();

	private final Route[] routes;

	/** One for each route, made once. */
	private final Decision[] found;

	/**
	 * Builds and checks the table.
	 * @throws IllegalArgumentException "auth-gateway.routes[2].path: value (expected …)"
	 * for the first wrong value
	 */
	@Autowired
	public RouteTable(RoutesSettings settings, UserTypes userTypes) {
		this(new RouteReader(userTypes).read(settings.routes()));
	}

	RouteTable(List<Route> routes) {
		checkOwnPaths(routes);
		checkReachable(routes);
		this.routes = routes.toArray(new Route[0]);
		this.found = routes.stream().map(Decision.Found::new).toArray(Decision[]::new);
	}

	/**
	 * Every route, in order.
	 */
	public List<Route> routes() {
		return List.of(this.routes);
	}

	/**
	 * Decides where a request goes.
	 * @param method as sent
	 * @param path the canonical raw path, without the query
	 */
	public Decision decide(String method, String path) {
		boolean known = false;
		for (int i = 0; i < this.routes.length; i++) {
			Route route = this.routes[i];
			if (route.path().matches(path)) {
				if (route.takes(method)) {
					return this.found[i];
				}
				known = true;
			}
		}
		return known ? new Decision.WrongMethod(allow(path)) : NO_ROUTE;
	}

	private String allow(String path) {
		Set<String> methods = new TreeSet<>();
		for (Route route : this.routes) {
			if (route.path().matches(path)) {
				methods.addAll(route.methods());
			}
		}
		return String.join(", ", methods);
	}

	private static void checkOwnPaths(List<Route> routes) {
		for (int i = 0; i < routes.size(); i++) {
			RoutePath path = routes.get(i).path();
			for (RoutePath own : OWN) {
				RouteReader.check(!path.overlaps(own), i, "path", path,
						"a path that shares nothing with " + own + ", which is the gateway's own");
			}
		}
	}

	private static void checkReachable(List<Route> routes) {
		for (int later = 1; later < routes.size(); later++) {
			List<String> open = new ArrayList<>(
					routes.get(later).methods().isEmpty() ? RouteReader.METHODS : routes.get(later).methods());
			for (int earlier = 0; earlier < later; earlier++) {
				Route first = routes.get(earlier);
				if (first.path().covers(routes.get(later).path())) {
					open.removeIf(first::takes);
				}
				RouteReader.check(!open.isEmpty(), later, "path", routes.get(later).path(),
						"a path that no earlier route takes wholly; auth-gateway.routes[" + earlier + "].path "
								+ first.path() + " does");
			}
		}
	}

}
