package peer;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;

/**
 * Spring Cloud Gateway as its guide sets it up, and as fast as it gets without writing
 * code of one's own: three routes, Bearer tokens by Spring Security's resource server, the
 * key read from a file (no JWKS hop), no session, no CSRF, no request cache, no metrics.
 * Port, backends, key and audience come as properties from the benchmark's {@code run}.
 */
@SpringBootApplication
public class PeerGateway {

	public static void main(String[] args) {
		SpringApplication.run(PeerGateway.class, args);
	}

	@Bean
	RouteLocator routes(RouteLocatorBuilder routes, @Value("${peer.backend}") String backend,
			@Value("${peer.intake}") String intake, @Value("${peer.live}") String live) {
		return routes.routes()
			.route("customer", (route) -> route.path("/api/customer/**").uri(backend))
			.route("intake", (route) -> route.path("/api/intake/**").uri(intake))
			.route("live", (route) -> route.path("/api/live/**").uri(live))
			.build();
	}

	@Bean
	SecurityWebFilterChain security(ServerHttpSecurity http) {
		return http.authorizeExchange((exchange) -> exchange.anyExchange().hasAuthority("SCOPE_orders:read"))
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
			.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
			.csrf(ServerHttpSecurity.CsrfSpec::disable)
			.requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
			.build();
	}

}
