package com.deliveryservice.authgateway.directory;

import java.security.Principal;

import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;

/**
 * Who may call the auth backend: an internal client with the role {@code directory}. The
 * internal listener's security chain authenticates; that its configuration might let
 * somebody through is why the role is asked for here once more.
 */
@Component
class CallbackAccess {

	private static final String ROLE = "directory";

	private final DirectorySettings settings;

	CallbackAccess(DirectorySettings settings) {
		this.settings = settings;
	}

	/**
	 * Completes, or fails with the refusal.
	 */
	Mono<Void> check(ServerRequest request) {
		if (!this.settings.enabled()) {
			return Mono.error(Problem.of(ProblemCode.NO_ROUTE).asException());
		}
		if (!this.settings.requireCredentials()) {
			return Mono.empty();
		}
		return request.principal()
			.map(CallbackAccess::hasRole)
			.switchIfEmpty(Mono.error(() -> Problem.of(ProblemCode.UNAUTHENTICATED)
				.withHeader("WWW-Authenticate", "Basic realm=\"auth-gateway-internal\"")
				.asException()))
			.flatMap((has) -> has ? Mono.empty() : Mono.error(Problem.of(ProblemCode.FORBIDDEN).asException()));
	}

	private static boolean hasRole(Principal principal) {
		return principal instanceof Authentication authentication && authentication.getAuthorities()
			.stream()
			.anyMatch((authority) -> ROLE.equals(authority.getAuthority()));
	}

}
