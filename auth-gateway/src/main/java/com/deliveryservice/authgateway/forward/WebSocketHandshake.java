package com.deliveryservice.authgateway.forward;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.route.Route;

/**
 * The opening handshake of RFC 6455 §4, judged on both sides.
 */
final class WebSocketHandshake {

	private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private WebSocketHandshake() {
	}

	/**
	 * Whether a request on this route is to be upgraded. An upgrade that the route does
	 * not know of, or to anything else, is ignored (RFC 9110 §7.8).
	 * @throws ProblemException if it asks for an upgrade and must not have it
	 */
	static boolean isWanted(HttpRequest request, Route route) {
		HttpHeaders headers = request.headers();
		if (!route.options().websocket()
				|| !headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
			return false;
		}
		if (!request.method().equals(HttpMethod.GET) || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
				|| !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
				|| !isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "")) || Reception.hasBody(request)) {
			throw Problem.of(ProblemCode.INVALID_REQUEST)
				.withDetail("The WebSocket handshake is malformed.")
				.asException();
		}
		if (!"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
			throw Problem.of(ProblemCode.UPGRADE_REQUIRED)
				.withHeader("Sec-WebSocket-Version", "13")
				.withHeader("Upgrade", "websocket")
				.asException();
		}
		checkOrigin(headers.get(HttpHeaderNames.ORIGIN, ""), route.options().allowedOrigins());
		return true;
	}

	/** Browsers send one; without it there is no page that could be misused. */
	private static void checkOrigin(String origin, List<String> allowed) {
		if (!origin.isEmpty() && !allowed.contains(origin.toLowerCase(Locale.ROOT))) {
			throw Problem.of(ProblemCode.FORBIDDEN).withDetail("The origin is not allowed.").asException();
		}
	}

	private static boolean isKey(String key) {
		try {
			return key.length() == 24 && Base64.getDecoder().decode(key).length == 16;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * Whether a 101 accepts this very handshake.
	 */
	static boolean isAccepted(HttpRequest request, HttpResponse response) {
		HttpHeaders headers = response.headers();
		return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
				&& accept(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY, ""))
					.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT));
	}

	private static String accept(String key) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
			return Base64.getEncoder().encodeToString(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every Java has SHA-1", ex);
		}
	}

}
