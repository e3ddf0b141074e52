package com.deliveryservice.authgateway.devstack;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * How a backend trusts the gateway and nobody else, with Spring Security alone: a request
 * needs one {@code X-Auth-Assertion} that the gateway signed for this very backend. This
 * is the example of docs/backend-guide.md.
 */
final class AssertionSecurity {

	private static final String HEADER = "X-Auth-Assertion";

	private static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

	private static final Duration KEYS_WITHIN = Duration.ofSeconds(2);

	private AssertionSecurity() {
	}

	/**
	 * Every request has to bring an assertion; its claims are the principal.
	 */
	static SecurityWebFilterChain chain(ServerHttpSecurity http, ReactiveJwtDecoder decoder) {
		return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
			.authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated())
			.oauth2ResourceServer((server) -> server.bearerTokenConverter(AssertionSecurity::assertion)
				.jwt((jwt) -> jwt.jwtDecoder(decoder)))
			.build();
	}

	/**
	 * Verifies the signature (ES256 alone), the type, the issuer, the audience and the
	 * time. The keys are fetched when first needed and again for a {@code kid} that is
	 * not among them, which is all that a key rotation needs.
	 * @param jwksUri the gateway's {@code /.well-known/jwks.json}
	 * @param issuer the gateway's {@code auth-gateway.issuer}
	 * @param audience the {@code audience} of the route to this backend
	 */
	static ReactiveJwtDecoder decoder(String jwksUri, String issuer, String audience) {
		NimbusReactiveJwtDecoder decoder = NimbusReactiveJwtDecoder.withJwkSetUri(jwksUri)
			.jwsAlgorithm(SignatureAlgorithm.ES256)
			.webClient(WebClient.builder()
				.clientConnector(new ReactorClientHttpConnector(HttpClient.create().responseTimeout(KEYS_WITHIN)))
				.build())
			.build();
		JwtTimestampValidator inTime = new JwtTimestampValidator(CLOCK_SKEW);
		inTime.setAllowEmptyExpiryClaim(false);
		decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(new JwtTypeValidator("identity+jwt"),
				new JwtIssuerValidator(issuer), inTime, new JwtClaimValidator<@Nullable List<String>>("aud",
						(audiences) -> audiences != null && audiences.contains(audience))));
		return decoder;
	}

	private static Mono<Authentication> assertion(ServerWebExchange exchange) {
		List<String> values = exchange.getRequest().getHeaders().getOrEmpty(HEADER);
		if (values.size() > 1) {
			return Mono.error(new BadCredentialsException("more than one " + HEADER));
		}
		return Mono.justOrEmpty(values.stream().findFirst()).map(BearerTokenAuthenticationToken::new);
	}

}
