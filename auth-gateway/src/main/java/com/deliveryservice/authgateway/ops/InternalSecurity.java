package com.deliveryservice.authgateway.ops;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.AuthorizeExchangeSpec;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;

import com.deliveryservice.authgateway.directory.DirectorySettings;
import com.deliveryservice.authgateway.ops.InternalSettings.Client;
import com.deliveryservice.authgateway.problem.ProblemWriter;

/**
 * Who may call what on the internal listener (contract/configuration.md). Chains of the
 * other paths belong to the API lane.
 */
@Configuration(proxyBeanMethods = false)
class InternalSecurity {

	private static final String[] OPEN = { "/actuator/health/**", "/actuator/prometheus", "/verify/**" };

	private static final String[] GUARDED = { "/Auth/**", "/oauth2/introspect", "/actuator/**" };

	/**
	 * Open to everybody who reaches the port. HTTP Basic is not even read here: an
	 * ingress sends the person's own Authorization to {@code /verify}.
	 */
	@Bean
	@Order(0)
	SecurityWebFilterChain openInternalPaths(ServerHttpSecurity http) {
		return plain(http, OPEN).authorizeExchange((paths) -> paths.anyExchange().permitAll()).build();
	}

	@Bean
	@Order(1)
	SecurityWebFilterChain guardedInternalPaths(ServerHttpSecurity http, InternalSettings settings,
			DirectorySettings directory, ProblemWriter problems) {
		InternalRefusals refusals = new InternalRefusals(problems);
		return plain(http, GUARDED).authorizeExchange((paths) -> authorize(paths, directory.requireCredentials()))
			.httpBasic((basic) -> basic.authenticationManager(new InternalClients(settings.clients()))
				.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
				.authenticationEntryPoint(refusals))
			.exceptionHandling((handling) -> handling.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
			.build();
	}

	private static void authorize(AuthorizeExchangeSpec paths, boolean asksWorkflowAuth) {
		if (asksWorkflowAuth) {
			paths.pathMatchers("/Auth/**").hasAuthority(Client.DIRECTORY);
		}
		else {
			paths.pathMatchers("/Auth/**").permitAll();
		}
		paths.pathMatchers("/oauth2/introspect").hasAuthority(Client.INTROSPECT);
		paths.anyExchange().hasAuthority(Client.OPERATE);
	}

	private static ServerHttpSecurity plain(ServerHttpSecurity http, String... paths) {
		return http.securityMatcher(ServerWebExchangeMatchers.pathMatchers(paths))
			.csrf(ServerHttpSecurity.CsrfSpec::disable)
			.logout(ServerHttpSecurity.LogoutSpec::disable)
			.requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
			.headers(ServerHttpSecurity.HeaderSpec::disable)
			.anonymous(ServerHttpSecurity.AnonymousSpec::disable)
			.securityContextRepository(NoOpServerSecurityContextRepository.getInstance());
	}

}
