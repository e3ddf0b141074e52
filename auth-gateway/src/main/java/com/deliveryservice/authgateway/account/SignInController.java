package com.deliveryservice.authgateway.account;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import reactor.core.publisher.Mono;

/**
 * {@code POST /auth/sign-in}.
 */
@RestController
class SignInController {

	private final SignIn signIn;

	SignInController(SignIn signIn) {
		this.signIn = signIn;
	}

	@PostMapping("/auth/sign-in")
	Mono<ResponseEntity<TokenAnswer>> signIn(@RequestBody SignInRequest body, ServerHttpRequest request) {
		return Mono.fromSupplier(body::validated)
			.flatMap((validated) -> this.signIn.signIn(validated, ClientAddress.of(request)))
			.map(SignInController::answer);
	}

	private static ResponseEntity<TokenAnswer> answer(TokenAnswer tokens) {
		return ResponseEntity.ok()
			.contentType(MediaType.APPLICATION_JSON)
			.cacheControl(CacheControl.noStore())
			.body(tokens);
	}

}
