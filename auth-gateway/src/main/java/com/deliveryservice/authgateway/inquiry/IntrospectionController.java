package com.deliveryservice.authgateway.inquiry;

import java.util.Map;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.api.Form;

/**
 * {@code POST /oauth2/introspect} (RFC 7662). The internal listener alone serves it, and
 * its security chain asks for HTTP Basic and the role {@code introspect}.
 */
@RestController
class IntrospectionController {

	private final Introspection introspection;

	IntrospectionController(Introspection introspection) {
		this.introspection = introspection;
	}

	@PostMapping(path = "/oauth2/introspect", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	Mono<ResponseEntity<Map<String, Object>>> introspect(ServerWebExchange exchange) {
		return Form.of(exchange)
			.map((form) -> form.required("token"))
			.flatMap(this.introspection::introspect)
			.map((answer) -> ResponseEntity.ok()
				.contentType(MediaType.APPLICATION_JSON)
				.cacheControl(CacheControl.noStore())
				.body(answer));
	}

}
