package com.deliveryservice.authgateway.problem;

import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * How a problem looks on paths whose contract is not RFC 9457. A bean of this type is
 * asked for every failure; where none covers the request, the body is
 * {@code application/problem+json}. Status and headers are the same in every format.
 */
public interface ProblemFormat {

	/**
	 * Whether answers to this request have this format; at most one may say so.
	 */
	boolean covers(ServerHttpRequest request);

	/**
	 * The answer's media type.
	 */
	MediaType mediaType();

	/**
	 * The answer's body, UTF-8.
	 * @param problem what went wrong
	 * @param requestId the request's id, as in {@code X-Request-Id}
	 */
	byte[] body(Problem problem, String requestId);

}
