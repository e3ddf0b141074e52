package com.deliveryservice.authgateway.directory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Everything below {@code /Auth} goes one way, so that each answer there has the same
 * shape.
 */
@Configuration(proxyBeanMethods = false)
class AuthBackendRoutes {

	@Bean
	RouterFunction<ServerResponse> authBackendRouter(AuthBackendEndpoints endpoints) {
		return RouterFunctions.route(RequestPredicates.path("/Auth").or(RequestPredicates.path("/Auth/**")),
				endpoints::serve);
	}

}
