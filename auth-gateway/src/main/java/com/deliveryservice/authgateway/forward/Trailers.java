package com.deliveryservice.authgateway.forward;

import java.util.Iterator;
import java.util.Map;
import java.util.function.Predicate;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * What may go behind a body, where the protocol has room for it: by the rules for
 * headers, and nothing that would frame, route, or authenticate (RFC 9110 §6.5.1).
 */
final class Trailers {

	private Trailers() {
	}

	/**
	 * Of a client's request.
	 */
	static HttpHeaders ofRequest(HttpHeaders trailers) {
		return filter(trailers, HeaderRules::requestPasses);
	}

	/**
	 * Of a backend's answer: cookies and redirects belong into the head, where they are
	 * looked at.
	 */
	static HttpHeaders ofAnswer(HttpHeaders trailers) {
		return filter(trailers,
				(name) -> HeaderRules.responsePasses(name) && !HttpHeaderNames.SET_COOKIE.contentEqualsIgnoreCase(name)
						&& !HttpHeaderNames.LOCATION.contentEqualsIgnoreCase(name)
						&& !HttpHeaderNames.CONTENT_LOCATION.contentEqualsIgnoreCase(name));
	}

	private static HttpHeaders filter(HttpHeaders trailers, Predicate<CharSequence> passes) {
		if (trailers.isEmpty()) {
			return EmptyHttpHeaders.INSTANCE;
		}
		HttpHeaders kept = new DefaultHttpHeaders();
		Iterator<Map.Entry<CharSequence, CharSequence>> all = trailers.iteratorCharSequence();
		while (all.hasNext()) {
			Map.Entry<CharSequence, CharSequence> trailer = all.next();
			if (passes.test(trailer.getKey())) {
				kept.add(trailer.getKey(), trailer.getValue());
			}
		}
		return kept;
	}

}
