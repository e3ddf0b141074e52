package com.deliveryservice.authgateway.problem;

import java.nio.charset.StandardCharsets;

import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * Errors of {@code /oauth2/**}: RFC 6749 §5.2, with {@code temporarily_unavailable} and
 * {@code server_error} of §4.1.2.1 and {@code slow_down} of RFC 8628 §3.5.
 */
@Component
class OAuthProblemFormat implements ProblemFormat {

	@Override
	public boolean covers(ServerHttpRequest request) {
		return request.getPath().pathWithinApplication().value().startsWith("/oauth2/");
	}

	@Override
	public MediaType mediaType() {
		return MediaType.APPLICATION_JSON;
	}

	@Override
	public byte[] body(Problem problem, String requestId) {
		return ("{\"error\":\"" + error(problem) + "\"}").getBytes(StandardCharsets.UTF_8);
	}

	private static String error(Problem problem) {
		return switch (problem.code()) {
			case INVALID_GRANT -> "invalid_grant";
			case UNSUPPORTED_GRANT_TYPE -> "unsupported_grant_type";
			case UNAUTHENTICATED, INVALID_CREDENTIALS, INVALID_TOKEN, FORBIDDEN -> "invalid_client";
			case TOO_MANY_REQUESTS, TOO_MANY_ATTEMPTS -> "slow_down";
			default -> errorOf(problem.status());
		};
	}

	private static String errorOf(int status) {
		if (status == 503) {
			return "temporarily_unavailable";
		}
		return (status >= 500) ? "server_error" : "invalid_request";
	}

}
