package com.deliveryservice.authgateway.forward;

import java.util.List;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.route.RequestTarget;

/**
 * The request that an ingress asks about (contract/backends.md, "A route's decision
 * without forwarding"). Judged as if it had come to the edge: what the edge would refuse,
 * or could be read in two ways, is no request.
 *
 * @param method as the client sent it
 * @param target its raw request target in origin-form, canonical
 */
record OriginalRequest(String method, String target) {

	private static final String NGINX = "/verify/nginx";

	private static final String FORWARD = "/verify/forward";

	private static final String ENVOY = "/verify/envoy";

	private static final List<String> QUESTIONS = List.of(NGINX, FORWARD, ENVOY);

	private static final Problem UNCLEAR = Problem.of(ProblemCode.FORBIDDEN)
		.withDetail("The original method and URI are needed, each once, in the headers of this kind of ingress.");

	OriginalRequest {
		if (!RequestGuard.isServed(method) || !RequestTarget.isCanonical(target)) {
			throw Problem.of(ProblemCode.INVALID_REQUEST)
				.withDetail("The original request is not one that is served.")
				.asException();
		}
	}

	/**
	 * Whether somebody asks for a decision.
	 * @param target of the request at the internal listener, canonical or not
	 */
	static boolean isAskedAt(String target) {
		for (String question : QUESTIONS) {
			if (target.startsWith(question)
					&& (target.length() == question.length() || "/?".indexOf(target.charAt(question.length())) >= 0)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Reads it from a request for which {@link #isAskedAt} is true.
	 * @throws ProblemException if it is not said, said twice, or would be refused at the
	 * edge
	 */
	static OriginalRequest of(HttpRequest question) {
		HttpHeaders headers = question.headers();
		String path = RequestTarget.path(question.uri());
		if (path.equals(NGINX)) {
			return new OriginalRequest(required(headers, "X-Original-Method"), nginxTarget(headers));
		}
		if (path.equals(FORWARD)) {
			return new OriginalRequest(required(headers, "X-Forwarded-Method"), required(headers, "X-Forwarded-Uri"));
		}
		if (path.startsWith(ENVOY)) {
			return new OriginalRequest(question.method().name(), question.uri().substring(ENVOY.length()));
		}
		throw UNCLEAR.asException();
	}

	/**
	 * nginx sets the one or the other. Whichever it is, the client may have sent the
	 * other by itself: they have to agree.
	 */
	private static String nginxTarget(HttpHeaders headers) {
		String uri = single(headers, "X-Original-URI");
		String url = single(headers, "X-Original-URL");
		String fromUrl = (url != null) ? afterAuthority(url) : uri;
		if (fromUrl == null || (uri != null && !uri.equals(fromUrl))) {
			throw UNCLEAR.asException();
		}
		return fromUrl;
	}

	/** Of {@code https://host/path?query}, or of a target alone. */
	private static String afterAuthority(String url) {
		int scheme = url.startsWith("https://") ? 8 : url.startsWith("http://") ? 7 : 0;
		int path = url.indexOf('/', scheme);
		return (path < 0) ? "/" : url.substring(path);
	}

	private static String required(HttpHeaders headers, String name) {
		String value = single(headers, name);
		if (value == null) {
			throw UNCLEAR.asException();
		}
		return value;
	}

	private static @Nullable String single(HttpHeaders headers, String name) {
		List<String> values = headers.getAll(name);
		if (values.size() > 1) {
			throw UNCLEAR.asException();
		}
		return values.isEmpty() ? null : values.get(0);
	}

}
