package com.deliveryservice.authgateway.devstack;

import java.time.Duration;
import java.util.List;

import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierReactiveJwtDecoder;
import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * A backend that shows what it received, once it has verified the assertion: any path,
 * {@code /sse}, {@code /ws}, {@code /bytes?n=}, {@code /slow?ms=}, {@code /status/{code}}
 * (contract/configuration.md).
 */
public final class DemoBackend implements AutoCloseable {

	/** In the order of their ports. */
	public static final List<String> NAMES = List.of("customer", "kitchen", "courier", "manager");

	private final String name;

	private final DisposableServer server;

	private volatile String gateway;

	private DemoBackend(int port, String name, String gateway, String issuer) {
		this.name = name;
		this.gateway = gateway;
		ReactiveJwtDecoder decoder = new SupplierReactiveJwtDecoder(
				() -> AssertionSecurity.decoder(this.gateway + "/.well-known/jwks.json", issuer, name));
		WebFilterChainProxy security = new WebFilterChainProxy(
				AssertionSecurity.chain(ServerHttpSecurity.http(), decoder));
		// a demo shows whatever arrives; a real backend keeps Spring Security's firewall
		security.setFirewall(ServerWebExchangeFirewall.INSECURE_NOOP);
		this.server = HttpServer.create()
			.host("localhost")
			.port(port)
			.httpRequestDecoder((decode) -> decode.maxInitialLineLength(32 * 1024).maxHeaderSize(64 * 1024))
			.handle(new ReactorHttpHandlerAdapter(
					WebHttpHandlerBuilder.webHandler(new DemoHandler(name)).filter(security).build()))
			.bindNow();
	}

	/**
	 * Starts it.
	 * @param port to listen on, 0 for any
	 * @param name its name, and the audience that it asks of assertions
	 * @param gateway base URL of the gateway, whose keys are fetched at the first request
	 * @param issuer the gateway's {@code auth-gateway.issuer}
	 */
	public static DemoBackend start(int port, String name, String gateway, String issuer) {
		return new DemoBackend(port, name, gateway, issuer);
	}

	public String name() {
		return this.name;
	}

	public int port() {
		return this.server.port();
	}

	/**
	 * What a route's {@code upstream} is set to.
	 */
	public String baseUrl() {
		return "http://localhost:" + port();
	}

	/**
	 * Says where the gateway is, for who learns it only after the start but before the
	 * first request.
	 */
	public void gateway(String baseUrl) {
		this.gateway = baseUrl;
	}

	@Override
	public void close() {
		this.server.disposeNow(Duration.ofSeconds(5));
	}

}
