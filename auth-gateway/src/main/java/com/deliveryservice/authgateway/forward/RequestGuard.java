package com.deliveryservice.authgateway.forward;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.identity.ReservedHeaders;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.route.RequestTarget;

/**
 * The first judgement of a request's head: what later layers, or a backend, could read in
 * two ways is refused, and the connection closed. Nothing is repaired.
 */
final class RequestGuard {

	private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST,
			HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE, HttpMethod.OPTIONS);

	private static final Set<String> KNOWN_CODINGS = Set.of("gzip", "x-gzip", "deflate", "compress", "x-compress", "br",
			"zstd", "identity");

	/** Of which a second line makes the request ambiguous. */
	private static final AsciiString[] SINGLETONS = { HttpHeaderNames.HOST, HttpHeaderNames.CONTENT_LENGTH,
			HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderNames.AUTHORIZATION, HttpHeaderNames.CONTENT_TYPE,
			HttpHeaderNames.CONTENT_RANGE, HttpHeaderNames.EXPECT, HttpHeaderNames.ORIGIN, HttpHeaderNames.RANGE,
			HttpHeaderNames.MAX_FORWARDS, HttpHeaderNames.USER_AGENT, HttpHeaderNames.REFERER,
			HttpHeaderNames.SEC_WEBSOCKET_KEY, HttpHeaderNames.SEC_WEBSOCKET_VERSION };

	private static final Problem LOOP = Problem.of(ProblemCode.LOOP);

	private static final Problem NOT_IMPLEMENTED = Problem.of(ProblemCode.NOT_IMPLEMENTED);

	private final Set<String> hosts;

	/**
	 * A guard.
	 * @param hosts whose requests are served, lower case, with port if it is not the
	 * default; empty for any
	 */
	RequestGuard(List<String> hosts) {
		this.hosts = Set.copyOf(hosts);
	}

	/**
	 * Whether requests of a method are served at all.
	 */
	static boolean isServed(String method) {
		return METHODS.stream().anyMatch((served) -> served.name().equals(method));
	}

	/**
	 * Judges a head.
	 * @return why it is refused, or {@code null} if it is in order
	 */
	@Nullable Problem check(HttpRequest request) {
		DecoderResult decoded = request.decoderResult();
		if (decoded.isFailure()) {
			return undecodable(decoded.cause());
		}
		if (!METHODS.contains(request.method())) {
			return NOT_IMPLEMENTED.withDetail("The method is not served here.");
		}
		HttpHeaders headers = request.headers();
		Problem problem = checkNames(headers);
		if (problem == null) {
			problem = checkFraming(request, headers);
		}
		if (problem == null) {
			problem = checkHost(request, headers);
		}
		if (problem == null && !RequestTarget.isCanonical(request.uri())) {
			problem = invalid("The request target is not a canonical path.");
		}
		return (problem != null) ? problem : checkLoop(headers);
	}

	private static Problem undecodable(Throwable cause) {
		if (cause instanceof MalformedHeadException malformed) {
			return Problem.of(malformed.code());
		}
		if (cause instanceof TooLongHttpHeaderException) {
			return Problem.of(ProblemCode.HEADERS_TOO_LARGE);
		}
		if (cause instanceof TooLongFrameException) {
			return Problem.of(ProblemCode.TARGET_TOO_LONG);
		}
		return invalid("The request is not proper HTTP/1.1.");
	}

	private static @Nullable Problem checkNames(HttpHeaders headers) {
		if (headers.size() > HeadLimits.COUNT) {
			return Problem.of(ProblemCode.HEADERS_TOO_LARGE);
		}
		long seen = 0;
		Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
		while (all.hasNext()) {
			CharSequence name = all.next().getKey();
			int singleton = singleton(name);
			if (singleton >= 0) {
				if ((seen & (1L << singleton)) != 0) {
					return invalid("The header " + SINGLETONS[singleton] + " came twice.");
				}
				seen |= 1L << singleton;
			}
			else if (ReservedHeaders.startsWith(name, "sec-websocket-key")) {
				return invalid("The WebSocket draft is not spoken here.");
			}
		}
		return null;
	}

	private static int singleton(CharSequence name) {
		for (int i = 0; i < SINGLETONS.length; i++) {
			if (SINGLETONS[i].length() == name.length() && SINGLETONS[i].contentEqualsIgnoreCase(name)) {
				return i;
			}
		}
		return -1;
	}

	private @Nullable Problem checkHost(HttpRequest request, HttpHeaders headers) {
		String host = headers.get(HttpHeaderNames.HOST);
		if (host == null) {
			return (request.protocolVersion().equals(HttpVersion.HTTP_1_0) && this.hosts.isEmpty()) ? null
					: invalid("The Host header is missing.");
		}
		if (!HostName.isValid(host)) {
			return invalid("The Host header is malformed.");
		}
		if (!this.hosts.isEmpty() && !this.hosts.contains(host.toLowerCase(Locale.ROOT))) {
			return Problem.of(ProblemCode.WRONG_HOST);
		}
		return null;
	}

	private static @Nullable Problem checkFraming(HttpRequest request, HttpHeaders headers) {
		String coding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
		if (coding != null) {
			if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)
					|| request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
				return invalid("The length of the body is not clear.");
			}
			if (!HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)) {
				return coding(coding);
			}
		}
		String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
		if (length != null && !isLength(length)) {
			return invalid("The Content-Length is malformed.");
		}
		String expect = headers.get(HttpHeaderNames.EXPECT);
		if (expect != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect)) {
			return invalid("The Expect header asks for something unknown.");
		}
		return null;
	}

	/** A known coding is not implemented; anything else is nonsense. */
	private static Problem coding(String value) {
		for (String coding : value.toLowerCase(Locale.ROOT).split(",", -1)) {
			if (!coding.trim().equals("chunked") && !KNOWN_CODINGS.contains(coding.trim())) {
				return invalid("The Transfer-Encoding is malformed.");
			}
		}
		return NOT_IMPLEMENTED.withDetail("Of the transfer codings only chunked is served here.");
	}

	private static boolean isLength(String length) {
		if (length.isEmpty() || length.length() > 18) {
			return false;
		}
		for (int i = 0; i < length.length(); i++) {
			if (length.charAt(i) < '0' || length.charAt(i) > '9') {
				return false;
			}
		}
		return true;
	}

	private static @Nullable Problem checkLoop(HttpHeaders headers) {
		for (String via : headers.getAll(HttpHeaderNames.VIA)) {
			for (String hop : via.split(",", -1)) {
				// received-protocol received-by [comment] (RFC 9110 §7.6.3)
				String[] words = hop.trim().split("[ \t]+", 3);
				if (words.length > 1 && words[1].equalsIgnoreCase(RequestHead.PSEUDONYM)) {
					return LOOP;
				}
			}
		}
		return null;
	}

	private static Problem invalid(String detail) {
		return Problem.of(ProblemCode.INVALID_REQUEST).withDetail(detail);
	}

}
