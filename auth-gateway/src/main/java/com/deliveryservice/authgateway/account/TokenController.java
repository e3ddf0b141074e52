package com.deliveryservice.authgateway.account;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

import com.deliveryservice.authgateway.api.Form;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.problem.ProblemException;

import reactor.core.publisher.Mono;

/**
 * {@code POST /oauth2/token} (RFC 6749 §6) and {@code POST /oauth2/revoke} (RFC 7009).
 * Neither knows a client: the token is the credential.
 */
@RestController
class TokenController {

	private final Refresh refresh;

	private final Revocation revocation;

	private final RefusalNotes notes;

	TokenController(Refresh refresh, Revocation revocation, RefusalNotes notes) {
		this.notes = notes;
		this.refresh = refresh;
		this.revocation = revocation;
	}

	@PostMapping(path = "/oauth2/token", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	Mono<ResponseEntity<TokenAnswer>> token(ServerWebExchange exchange) {
		return Form.of(exchange)
			.map(Form::refreshToken)
			.flatMap((token) -> this.refresh.refresh(token, ClientAddress.of(exchange.getRequest())))
			.onErrorResume(ProblemException.class,
					(failure) -> this.notes.noted(failure, EventType.THROTTLED,
							SecurityEvent.of(EventType.THROTTLED).with("limit", "refresh")))
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
