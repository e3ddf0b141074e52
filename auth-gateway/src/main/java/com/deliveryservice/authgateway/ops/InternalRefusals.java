package com.deliveryservice.authgateway.ops;

import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.web.server.ServerWebExchange;

import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemWriter;

/**
 * Answers a caller of the internal listener that is nobody, or not the right one, in the
 * format of the path that it called.
 */
class InternalRefusals implements ServerAuthenticationEntryPoint, ServerAccessDeniedHandler {

	private static final Problem NOBODY = Problem.of(ProblemCode.UNAUTHENTICATED)
		.withDetail("HTTP Basic credentials of an internal client are needed")
		.withHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"auth-gateway-internal\"");

	private static final Problem WRONG_ROLE = Problem.of(ProblemCode.FORBIDDEN)
		.withDetail("This internal client has not the role for this");

	private final ProblemWriter problems;

	InternalRefusals(ProblemWriter problems) {
		this.problems = problems;
	}

	@Override
	public Mono<Void> commence(ServerWebExchange exchange, AuthenticationException failure) {
		return this.problems.write(exchange, NOBODY);
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, AccessDeniedException denied) {
		return this.problems.write(exchange, WRONG_ROLE);
	}

}
