package com.deliveryservice.authgateway.problem;

import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * Errors of {@code /oauth2/**} in the API lane, see {@link OAuthError}.
 */
@Component
class OAuthProblemFormat implements ProblemFormat {

	@Override
	public boolean covers(ServerHttpRequest request) {
		return request.getPath().pathWithinApplication().value().startsWith(OAuthError.PATHS);
	}

	@Override
	public MediaType mediaType() {
		return MediaType.APPLICATION_JSON;
	}

	@Override
	public byte[] body(Problem problem, String requestId) {
		return OAuthError.body(problem);
	}

}
