package com.deliveryservice.authgateway.forward;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import javax.net.ssl.TrustManagerFactory;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.identity.TrustedProxies;
import com.deliveryservice.authgateway.identity.TrustedProxiesSettings;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.identity.UserTypesSettings;
import com.deliveryservice.authgateway.route.RouteTable;
import com.deliveryservice.authgateway.route.RoutesSettings;
import com.deliveryservice.authgateway.session.EndedSessions;
import com.deliveryservice.authgateway.session.SessionActivity;
import com.deliveryservice.authgateway.session.Session;
import com.deliveryservice.authgateway.testing.Certificate;
import com.deliveryservice.authgateway.testing.LeakWatch;
import com.deliveryservice.authgateway.token.AccessToken;
import com.deliveryservice.authgateway.token.AccessTokens;
import com.deliveryservice.authgateway.token.Assertions;
import com.deliveryservice.authgateway.token.InvalidTokenException;
import com.deliveryservice.authgateway.token.KeysUnavailableException;
import com.deliveryservice.authgateway.upstream.UpstreamSettings;
import com.deliveryservice.authgateway.upstream.Upstreams;

/**
 * The edge listener on a free port, without a Spring context: real guard, lanes, pools
 * and pipeline, with tokens that are just the name of a user type.
 */
public final class EdgeUnderTest implements AutoCloseable {

	static final UUID USER = UUID.fromString("11111111-1111-4111-8111-111111111111");

	static final UUID SESSION = UUID.fromString("22222222-2222-4222-8222-222222222222");

	private final Set<UUID> ended = ConcurrentHashMap.newKeySet();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ForwardMeters forwardMeters;

	private final Upstreams upstreams;

	private final DisposableServer server;

	volatile boolean stale;

	volatile boolean keysMissing;

	volatile boolean noRoomForSignIns;

	private final Edge edge;

	private EdgeUnderTest(Map<String, String> properties, HttpHandler api, boolean internal,
			@Nullable TrustManagerFactory trust, @Nullable EdgeTls tls) {
		Binder binder = new Binder(new MapConfigurationPropertySource(properties));
		RouteTable routes = new RouteTable(binder.bindOrCreate("auth-gateway", Bindable.of(RoutesSettings.class)),
				new UserTypes(new UserTypesSettings(null)));
		TrustedProxies proxies = new TrustedProxies(
				binder.bindOrCreate("auth-gateway", Bindable.of(TrustedProxiesSettings.class)));
		this.upstreams = new Upstreams(routes,
				binder.bindOrCreate("auth-gateway.upstream", Bindable.of(UpstreamSettings.class)), trust);
		EdgeSettings settings = binder.bindOrCreate("auth-gateway.edge", Bindable.of(EdgeSettings.class));
		this.forwardMeters = new ForwardMeters(this.meters, routes, this.upstreams);
		Edge.Lane lane = new Edge.Lane(routes, new Gatekeeper(new Tokens(), new Ended(), new NoActivity()),
				new NamedAssertions(), this.upstreams, Clock.systemUTC());
		Edge edge = new Edge(settings, proxies, lane, this.forwardMeters);
		this.edge = edge;
		EdgeHandler handler = new EdgeHandler(new ApiLane(api), proxies);
		GuardedServer guarded = new GuardedServer(handler, settings, proxies, lane,
				new UserTypes(new UserTypesSettings(null)));
		HttpServer http = HttpServer.create().port(0);
		this.server = (internal ? guarded.guard(http, (path) -> path.startsWith("/verify/"))
				: new EdgeServer(edge.withApi(() -> handler).shedding(() -> this.noRoomForSignIns), tls).apply(http)
					.handle(new ReactorHttpHandlerAdapter(handler)))
			.bindNow(Duration.ofSeconds(10));
	}

	/**
	 * An edge with properties, the API lane answering 200 {@code api}.
	 */
	public static Builder with(String... namesAndValues) {
		return new Builder().and(namesAndValues);
	}

	/**
	 * The usual routes to one origin: {@code /api/customer/**} for customers,
	 * {@code /public/**} for all, prefixes stripped.
	 */
	static Builder to(CapturingOrigin origin) {
		return with()
			.route("customer", "/api/customer/**", origin.port(), "strip-prefix", "2", "access.user-types[0]",
					"customer")
			.route("public", "/public/**", origin.port(), "access.anonymous", "true")
			.route("manager", "/manager/**", origin.port(), "access.user-types[0]", "manager")
			.route("read", "/read/**", origin.port(), "methods[0]", "GET", "access.scopes[0]", "orders:read");
	}

	public int port() {
		return this.server.port();
	}

	RawClient client() {
		return RawClient.to(port());
	}

	/**
	 * Sends one request on a connection of its own, asking for its end.
	 */
	String exchange(String request) {
		try (RawClient client = client()) {
			return client.send(request).readToEnd();
		}
	}

	/** Sends one plain request by TLS and HTTP/1.1. */
	String exchangeByTls(Certificate certificate) {
		try (RawClient client = RawClient.tls(port(), certificate, "http/1.1")) {
			return client.send("GET /public/still-there HTTP/1.1\nHost: a\nConnection: close\n\n").readToEnd();
		}
	}

	/** Begins the shutdown, as far as connections see it. */
	void drain() {
		this.edge.drain(true);
	}

	EdgeDrain drainer() {
		EdgeDrain drain = new EdgeDrain(this.edge);
		drain.start();
		return drain;
	}

	int streams() {
		return this.forwardMeters.streams().get();
	}

	void end(UUID session) {
		this.ended.add(session);
	}

	int inFlight() {
		return this.forwardMeters.inFlight().get();
	}

	int connections() {
		return this.forwardMeters.connections().get();
	}

	int upstreamConnections() {
		return this.upstreams.all().stream().mapToInt((pool) -> pool.size() + pool.streams()).sum();
	}

	double metered(String route, String outcome) {
		return this.meters.get("auth_gateway.forward").tags("route", route, "outcome", outcome).timer().count();
	}

	@Override
	public void close() {
		this.server.disposeNow(Duration.ofSeconds(5));
		this.upstreams.close();
		LeakWatch.check();
	}

	/** Collects properties. */
	public static final class Builder {

		private @Nullable TrustManagerFactory trust;

		private @Nullable EdgeTls tls;

		private final Map<String, String> properties = new HashMap<>();

		private int routes;

		public Builder and(String... namesAndValues) {
			for (int i = 0; i < namesAndValues.length; i += 2) {
				this.properties.put("auth-gateway." + namesAndValues[i], namesAndValues[i + 1]);
			}
			return this;
		}

		/** Whom to trust at upstreams, and nobody else. */
		Builder trusting(TrustManagerFactory trust) {
			this.trust = trust;
			return this;
		}

		/** Spoken to by TLS, with HTTP/2 on offer. */
		Builder tls(Certificate certificate) {
			return tls(new EdgeTls(certificate.bundle(), true));
		}

		Builder tls(EdgeTls tls) {
			this.tls = tls;
			return this;
		}

		public Builder route(String id, String path, int port, String... namesAndValues) {
			String prefix = "auth-gateway.routes[" + this.routes++ + "].";
			this.properties.put(prefix + "id", id);
			this.properties.put(prefix + "path", path);
			this.properties.put(prefix + "upstream", "http://127.0.0.1:" + port);
			for (int i = 0; i < namesAndValues.length; i += 2) {
				this.properties.put(prefix + namesAndValues[i], namesAndValues[i + 1]);
			}
			return this;
		}

		/** Adds properties to the route added last. */
		public Builder with(String... namesAndValues) {
			String prefix = "auth-gateway.routes[" + (this.routes - 1) + "].";
			for (int i = 0; i < namesAndValues.length; i += 2) {
				this.properties.put(prefix + namesAndValues[i], namesAndValues[i + 1]);
			}
			return this;
		}

		public EdgeUnderTest start() {
			return start((request, response) -> response.writeWith(reactor.core.publisher.Mono
				.just(response.bufferFactory().wrap("api".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))));
		}

		EdgeUnderTest start(HttpHandler api) {
			return new EdgeUnderTest(this.properties, api, false, this.trust, this.tls);
		}

		/** The internal listener that belongs to this edge, in its place. */
		EdgeUnderTest startInternal() {
			return new EdgeUnderTest(this.properties, (request, response) -> response.setComplete(), true, this.trust,
					null);
		}

	}

	private final class Tokens implements AccessTokens {

		@Override
		public AccessToken mint(Session session) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Caller verify(String token) {
			if (EdgeUnderTest.this.keysMissing) {
				throw new KeysUnavailableException();
			}
			if (EdgeUnderTest.this.ended.contains(SESSION)
					|| !List.of("customer", "manager", "courier").contains(token)) {
				throw new InvalidTokenException("unknown");
			}
			Set<String> scopes = token.equals("customer") ? Set.of("orders:read", "orders:write") : Set.of();
			Instant end = Instant.now().plusSeconds(300);
			return new Caller(USER, token, String.join(" ", new java.util.TreeSet<>(scopes)), scopes, SESSION, end,
					end);
		}

	}

	private final class Ended implements EndedSessions {

		@Override
		public boolean contains(UUID sessionId) {
			return EdgeUnderTest.this.ended.contains(sessionId);
		}

		@Override
		public void add(UUID sessionId) {
			EdgeUnderTest.this.ended.add(sessionId);
		}

		@Override
		public boolean isStale() {
			return EdgeUnderTest.this.stale;
		}

	}

	private static final class NamedAssertions implements Assertions {

		@Override
		public String assertionOf(Caller caller, String audience) {
			return "assertion-for-" + audience;
		}

	}

	private static final class NoActivity implements SessionActivity {

		@Override
		public void seen(UUID sessionId) {
		}

		@Override
		public void streaming(UUID sessionId) {
		}

	}

}
