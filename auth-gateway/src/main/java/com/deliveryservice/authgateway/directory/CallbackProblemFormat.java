package com.deliveryservice.authgateway.directory;

import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.directory.Messages.Failure;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemFormat;

/**
 * Failures of the callbacks in a shape that even a caller understands who ignores the
 * status (contract/workflow-auth.md): {@code exceptionMessage} begins with the problem's
 * code.
 */
@Component
class CallbackProblemFormat implements ProblemFormat {

	@Override
	public boolean covers(ServerHttpRequest request) {
		String path = request.getPath().pathWithinApplication().value();
		return path.equals("/Auth") || path.startsWith("/Auth/");
	}

	@Override
	public MediaType mediaType() {
		return MediaType.APPLICATION_JSON;
	}

	@Override
	public byte[] body(Problem problem, String requestId) {
		String detail = (problem.detail() != null) ? problem.detail() : problem.code().title();
		return Messages.JSON.writeValueAsBytes(new Failure(problem.code().code() + ": " + detail));
	}

}
