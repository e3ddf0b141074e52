package proof;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Spring Cloud Gateway under the same cases as auth-gateway: routes, bounds and filters
 * as in conf/peer-proof.yaml, Bearer tokens by Spring Security's resource server, and the
 * backend is told who calls in the usual way.
 */
@SpringBootApplication
public class PeerUnderProof {

	public static void main(String[] args) {
		SpringApplication.run(PeerUnderProof.class, args);
	}

	@Bean
	SecurityWebFilterChain security(ServerHttpSecurity http, @Value("${peer.open}") String[] open,
			@Value("${peer.closed}") String[] closed) {
		return http
			.authorizeExchange((exchange) -> exchange.pathMatchers(open)
				.permitAll()
				.pathMatchers(closed)
				.hasAuthority("SCOPE_manager")
				.anyExchange()
				.hasAuthority("SCOPE_orders:read"))
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
			.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
			.csrf(ServerHttpSecurity.CsrfSpec::disable)
			.requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
			.build();
	}

	/** What the client says of itself is removed, then the caller is set. */
	@Bean
	GlobalFilter identity() {
		return (exchange, chain) -> exchange.getPrincipal()
			.ofType(JwtAuthenticationToken.class)
			.map((caller) -> told(exchange, caller.getToken().getSubject()))
			.switchIfEmpty(Mono.fromSupplier(() -> told(exchange, "")))
			.flatMap(chain::filter);
	}

	private static ServerWebExchange told(ServerWebExchange exchange, String user) {
		return exchange.mutate()
			.request(exchange.getRequest().mutate().headers((headers) -> tell(headers, user)).build())
			.build();
	}

	private static void tell(HttpHeaders headers, String user) {
		headers.remove("X-Auth-User-Id");
		if (!user.isEmpty()) {
			headers.set("X-Auth-User-Id", user);
		}
	}

}
