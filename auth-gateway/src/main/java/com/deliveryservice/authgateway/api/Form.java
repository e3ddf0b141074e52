package com.deliveryservice.authgateway.api;

import java.util.List;
import java.util.Map;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import org.springframework.core.ResolvableType;
import org.springframework.http.codec.FormHttpMessageReader;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;

import reactor.core.publisher.Mono;

/**
 * The parameters of an OAuth request, at either listener: none may come twice, and an
 * empty one is as good as left out (RFC 6749 §3.2). Never prints itself.
 */
public final class Form {

	private static final ResolvableType TYPE = ResolvableType.forClassWithGenerics(MultiValueMap.class, String.class,
			String.class);

	private static final FormHttpMessageReader READER = new FormHttpMessageReader();

	private final MultiValueMap<String, String> parameters;

	private Form(MultiValueMap<String, String> parameters) {
		this.parameters = parameters;
	}

	/**
	 * Reads the body; fails with 400 if it cannot be decoded. Not by
	 * {@link ServerWebExchange#getFormData()}: that reads past the filters, so the body
	 * would neither be counted nor known to be read, and each answer closed its
	 * connection.
	 */
	public static Mono<Form> of(ServerWebExchange exchange) {
		return READER.readMono(TYPE, exchange.getRequest(), Map.of())
			.defaultIfEmpty(new LinkedMultiValueMap<>())
			.map(Form::new)
			.onErrorMap(IllegalArgumentException.class, (ex) -> malformed("The form cannot be decoded"));
	}

	/**
	 * The refresh token of a refresh.
	 * @throws ProblemException 400 if it is another grant, or there is none
	 */
	public String refreshToken() {
		if (!required("grant_type").equals("refresh_token")) {
			throw Problem.of(ProblemCode.UNSUPPORTED_GRANT_TYPE).asException();
		}
		return required("refresh_token");
	}

	/**
	 * The value of a parameter.
	 * @throws ProblemException 400 if there is none, or more than one
	 */
	public String required(String name) {
		List<String> values = this.parameters.getOrDefault(name, List.of());
		if (values.size() != 1 || values.get(0) == null || values.get(0).isEmpty()) {
			throw malformed(name + " is needed, once");
		}
		return values.get(0);
	}

	@Override
	public String toString() {
		return "Form[…]";
	}

	private static ProblemException malformed(String detail) {
		return Problem.of(ProblemCode.INVALID_REQUEST).withDetail(detail).asException();
	}

}
