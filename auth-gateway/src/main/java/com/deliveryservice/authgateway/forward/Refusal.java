package com.deliveryservice.authgateway.forward;

import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;

import com.deliveryservice.authgateway.identity.RequestIds;
import com.deliveryservice.authgateway.problem.OAuthError;
import com.deliveryservice.authgateway.problem.Problem;

/**
 * The gateway's own answer to a request that it does not serve (contract/client-api.md).
 */
final class Refusal {

	private static final byte[] FIXED = fixedLines();

	private Refusal() {
	}

	/**
	 * The body.
	 * @param problem what is wrong
	 * @param target the request's, which tells the format
	 * @param requestId the request's id
	 */
	static byte[] body(Problem problem, String target, String requestId) {
		return isOAuth(target) ? OAuthError.body(problem) : problem.toJson(requestId);
	}

	private static boolean isOAuth(String target) {
		return target.startsWith(OAuthError.PATHS);
	}

	private static byte[] fixedLines() {
		ByteBuf lines = Unpooled.buffer();
		fixed(new HeadWriter(lines));
		return ByteBufUtil.getBytes(lines);
	}

	/**
	 * Writes the fields that every refusal has.
	 */
	static void fixed(FieldSink head) {
		head.header("Cache-Control", "no-store")
			.header("X-Content-Type-Options", "nosniff")
			.header("Content-Security-Policy", "frame-ancestors 'none'")
			.header("Strict-Transport-Security", "max-age=31536000");
	}

	/**
	 * Writes the fields that are this refusal's own, but for the length.
	 */
	static void own(FieldSink head, Problem problem, String target, String requestId) {
		head.header("Content-Type", isOAuth(target) ? "application/json" : "application/problem+json");
		head.header("X-Gateway-Error", problem.code().code());
		head.header(RequestIds.HEADER, requestId);
		String retryAfter = problem.retryAfterSeconds();
		if (retryAfter != null) {
			head.header("Retry-After", retryAfter);
		}
		for (Map.Entry<String, String> header : problem.headers().entrySet()) {
			head.checkedHeader(header.getKey(), header.getValue());
		}
	}

	/**
	 * Writes the answer by HTTP/1.1.
	 * @param out to append to
	 * @param problem what is wrong
	 * @param target the request's, which tells the format: RFC 6749 §5.2 on
	 * {@code /oauth2/*}, else problem+json
	 * @param requestId the request's id
	 * @param close whether the connection ends with it
	 * @param head whether it answers a HEAD request: no body
	 */
	static void write(ByteBuf out, Problem problem, String target, String requestId, boolean close, boolean head) {
		byte[] body = body(problem, target, requestId);
		HeadWriter writer = new HeadWriter(out);
		writer.text("HTTP/1.1 ").text(HttpResponseStatus.valueOf(problem.status()).toString()).end();
		writer.bytes(FIXED);
		own(writer, problem, target, requestId);
		if (close) {
			writer.header("Connection", "close");
		}
		writer.header("Content-Length", Integer.toString(body.length)).end();
		if (!head) {
			out.writeBytes(body);
		}
	}

}
