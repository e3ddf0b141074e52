package com.deliveryservice.authgateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing request's head by HTTP/2 (RFC 9113 §8.3.1), built from nothing by the same
 * rules as {@link RequestHead}.
 */
final class Http2RequestHead {

	private Http2RequestHead() {
	}

	/**
	 * The head.
	 * @param forwarding the request
	 * @param assertion the signed proof; {@code null} if nobody is known
	 */
	static Http2Headers of(Forwarding forwarding, @Nullable String assertion) {
		Http2Head head = new Http2Head();
		HttpRequest request = forwarding.request();
		head.headers()
			.method(request.method().asciiName())
			.scheme(forwarding.route().upstream().tls() ? "https" : "http")
			.authority(forwarding.route().upstream().authority())
			.path(path(forwarding));
		HttpHeaders headers = request.headers();
		RequestHead.copy(head, headers, forwarding.route().options().forwardAuthorization());
		pass(head, headers, HttpHeaderNames.CONTENT_LENGTH);
		pass(head, headers, HttpHeaderNames.EXPECT);
		if (headers.containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true)) {
			head.header(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
		}
		RequestHead.client(head, forwarding);
		RequestHead.identity(head, forwarding, assertion);
		return head.headers();
	}

	private static String path(Forwarding forwarding) {
		return forwarding.route().strip(forwarding.path())
				+ forwarding.request().uri().substring(forwarding.path().length());
	}

	private static void pass(Http2Head head, HttpHeaders headers, CharSequence name) {
		String value = headers.get(name);
		if (value != null) {
			head.header(name, value);
		}
	}

}
