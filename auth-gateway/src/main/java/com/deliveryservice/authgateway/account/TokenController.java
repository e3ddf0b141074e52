package com.deliveryservice.authgateway.account;

import com.deliveryservice.authgateway.api.Form;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

import reactor.core.publisher.Mono;

/**
 * {@code POST /oauth2/token} (RFC 6749 §6) and {@code POST /oauth2/revoke} (RFC 7009).
 * Neither knows a client: the token is the credential.
 */
@RestController
class TokenController {

	private final Refresh refresh;

	private final Revocation revocation;

	TokenController(Refresh refresh, Revocation revocation) {
		this.refresh = refresh;
		this.revocation = revocation;
	}

	@PostMapping(path = "/oauth2/token", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	Mono<ResponseEntity<TokenAnswer>> token(ServerWebExchange exchange) {
		return Form.of(exchange)
			.map(Form::refreshToken)
			.flatMap((token) -> this.refresh.refresh(token, ClientAddress.of(exchange.getRequest())))
			.map((tokens) -> ResponseEntity.ok()
				.contentType(MediaType.APPLICATION_JSON)
				.cacheControl(CacheControl.noStore())
				.body(tokens));
	}

	@PostMapping(path = "/oauth2/revoke", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	Mono<ResponseEntity<Void>> revoke(ServerWebExchange exchange) {
		return Form.of(exchange)
			.map((form) -> form.required("token"))
			.flatMap(this.revocation::revoke)
			.thenReturn(ResponseEntity.ok().cacheControl(CacheControl.noStore()).build());
	}

}
