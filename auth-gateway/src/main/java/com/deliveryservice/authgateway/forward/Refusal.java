package com.deliveryservice.authgateway.forward;

import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;

import com.deliveryservice.authgateway.identity.RequestIds;
import com.deliveryservice.authgateway.problem.OAuthError;
import com.deliveryservice.authgateway.problem.Problem;

/**
 * The gateway's own answer to a request that it does not serve (contract/client-api.md).
 */
final class Refusal {

	private static final byte[] FIXED = HeadWriter.lines("""
			Cache-Control: no-store
			X-Content-Type-Options: nosniff
			Content-Security-Policy: frame-ancestors 'none'
			Strict-Transport-Security: max-age=31536000
			""");

	private Refusal() {
	}

	/**
	 * Writes the answer.
	 * @param out to append to
	 * @param problem what is wrong
	 * @param target the request's, which tells the format: RFC 6749 §5.2 on
	 * {@code /oauth2/*}, else problem+json
	 * @param requestId the request's id
	 * @param close whether the connection ends with it
	 * @param head whether it answers a HEAD request: no body
	 */
	static void write(ByteBuf out, Problem problem, String target, String requestId, boolean close, boolean head) {
		boolean oauth = target.startsWith(OAuthError.PATHS);
		byte[] body = oauth ? OAuthError.body(problem) : problem.toJson(requestId);
		HeadWriter writer = new HeadWriter(out);
		writer.text("HTTP/1.1 ").text(HttpResponseStatus.valueOf(problem.status()).toString()).end();
		writer.bytes(FIXED);
		writer.header("Content-Type", oauth ? "application/json" : "application/problem+json");
		writer.header("X-Gateway-Error", problem.code().code());
		writer.header(RequestIds.HEADER, requestId);
		String retryAfter = problem.retryAfterSeconds();
		if (retryAfter != null) {
			writer.header("Retry-After", retryAfter);
		}
		for (Map.Entry<String, String> header : problem.headers().entrySet()) {
			writer.checkedHeader(header.getKey(), header.getValue());
		}
		if (close) {
			writer.header("Connection", "close");
		}
		writer.header("Content-Length", Integer.toString(body.length)).end();
		if (!head) {
			out.writeBytes(body);
		}
	}

}
