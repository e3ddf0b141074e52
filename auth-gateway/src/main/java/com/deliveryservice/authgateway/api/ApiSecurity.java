package com.deliveryservice.authgateway.api;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemWriter;
import com.deliveryservice.authgateway.token.AccessTokens;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.CsrfSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.FormLoginSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.HeaderSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.HttpBasicSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.LogoutSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.RequestCacheSpec;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.util.matcher.NegatedServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.OrServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.web.reactive.DispatcherHandler;

import reactor.core.publisher.Mono;

/**
 * Who may call the API lane: everybody the few open endpoints below, anybody signed in
 * the rest. Nothing is open that is not listed; the paths of the internal listener have a
 * chain of their own, which is asked before this one.
 */
@Configuration(proxyBeanMethods = false)
class ApiSecurity {

	private static final String CHALLENGE = "Bearer realm=\"auth-gateway\"";

	private static final Problem UNAUTHENTICATED = Problem.of(ProblemCode.UNAUTHENTICATED)
		.withHeader("WWW-Authenticate", CHALLENGE);

	private static final Problem INVALID_TOKEN = Problem.of(ProblemCode.INVALID_TOKEN)
		.withHeader("WWW-Authenticate", CHALLENGE + ", error=\"invalid_token\"");

	private static final Problem FORBIDDEN = Problem.of(ProblemCode.FORBIDDEN)
		.withHeader("WWW-Authenticate", CHALLENGE + ", error=\"insufficient_scope\"");

	/**
	 * On an open endpoint even a bad token changes nothing: an app that refreshes may
	 * still send its expired one.
	 */
	private static final ServerWebExchangeMatcher OPEN = new OrServerWebExchangeMatcher(
			open(HttpMethod.POST, "/auth/sign-up"), open(HttpMethod.POST, "/auth/sign-up/*/verification"),
			open(HttpMethod.POST, "/auth/password-reset"), open(HttpMethod.POST, "/auth/password-reset/*"),
			open(HttpMethod.POST, "/auth/sign-in"), open(HttpMethod.POST, "/oauth2/token"),
			open(HttpMethod.POST, "/oauth2/revoke"), open(HttpMethod.GET, "/.well-known/**"),
			open(HttpMethod.GET, "/openapi.yaml"), open(HttpMethod.HEAD, "/.well-known/**"),
			open(HttpMethod.HEAD, "/openapi.yaml"));

	@Bean
	@Order(2)
	SecurityWebFilterChain apiSecurityChain(ServerHttpSecurity http, AccessTokens accessTokens, ProblemWriter problems,
			DispatcherHandler dispatcher) {
		return http.csrf(CsrfSpec::disable)
			.formLogin(FormLoginSpec::disable)
			.httpBasic(HttpBasicSpec::disable)
			.logout(LogoutSpec::disable)
			.headers(HeaderSpec::disable)
			.requestCache(RequestCacheSpec::disable)
			.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
			.authorizeExchange((rules) -> rules.matchers(OPEN).permitAll().anyExchange().authenticated())
			.exceptionHandling((failures) -> failures
				.authenticationEntryPoint((exchange, failure) -> problems.write(exchange, UNAUTHENTICATED))
				.accessDeniedHandler((exchange, failure) -> problems.write(exchange, FORBIDDEN)))
			.addFilterBefore(new KnownEndpoints(dispatcher), SecurityWebFiltersOrder.AUTHENTICATION)
			.addFilterAt(bearer(accessTokens, problems), SecurityWebFiltersOrder.AUTHENTICATION)
			.build();
	}

	/**
	 * What Spring Security's firewall refuses looks like every other malformed request.
	 */
	@Bean
	ServerExchangeRejectedHandler rejectedExchanges(ProblemWriter problems) {
		return (exchange, rejected) -> problems.write(exchange, Problem.of(ProblemCode.INVALID_REQUEST));
	}

	private static AuthenticationWebFilter bearer(AccessTokens accessTokens, ProblemWriter problems) {
		ReactiveAuthenticationManager alreadyVerified = Mono::just;
		AuthenticationWebFilter filter = new AuthenticationWebFilter(alreadyVerified);
		filter.setServerAuthenticationConverter(new BearerAuthentication(accessTokens));
		filter.setRequiresAuthenticationMatcher(new NegatedServerWebExchangeMatcher(OPEN));
		filter
			.setAuthenticationFailureHandler((failed, failure) -> problems.write(failed.getExchange(), INVALID_TOKEN));
		return filter;
	}

	private static ServerWebExchangeMatcher open(HttpMethod method, String path) {
		return new PathPatternParserServerWebExchangeMatcher(path, method);
	}

}
