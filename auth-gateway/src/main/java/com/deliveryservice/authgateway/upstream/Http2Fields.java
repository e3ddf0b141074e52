package com.deliveryservice.authgateway.upstream;

import java.util.Locale;
import java.util.Map;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * Header fields between HTTP/2 and HTTP/1.1 (RFC 9113 §8.2). What the codec has let pass
 * is judged once more by the rules of HTTP/1.1, since it may leave by that: a name that
 * is no token, or a value with a control character, is an
 * {@link IllegalArgumentException}.
 */
public final class Http2Fields {

	private static final int HIGHEST_STATUS = 599;

	private static final int SIZE = 16;

	private Http2Fields() {
	}

	/**
	 * The fields without the pseudo header fields.
	 * @throws IllegalArgumentException for a name or value that HTTP/1.1 does not know
	 */
	public static HttpHeaders fields(Http2Headers headers) {
		HttpHeaders fields = DefaultHttpHeadersFactory.headersFactory().newHeaders();
		for (Map.Entry<CharSequence, CharSequence> header : headers) {
			if (!Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(header.getKey())) {
				fields.add(header.getKey(), header.getValue());
			}
		}
		return fields;
	}

	/**
	 * The trailers.
	 * @throws IllegalArgumentException for a pseudo header field, or as {@link #fields}
	 */
	public static HttpHeaders trailers(Http2Headers headers) {
		for (CharSequence name : headers.names()) {
			if (Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(name)) {
				throw new IllegalArgumentException("a pseudo header field among the trailers");
			}
		}
		return fields(headers);
	}

	/**
	 * The fields with lower-case names.
	 */
	public static Http2Headers of(HttpHeaders fields) {
		Http2Headers headers = new DefaultHttp2Headers(false, SIZE);
		fields.iteratorCharSequence().forEachRemaining((field) -> headers.add(lower(field.getKey()), field.getValue()));
		return headers;
	}

	/**
	 * A field's name as HTTP/2 has it.
	 */
	public static CharSequence lower(CharSequence name) {
		return (name instanceof AsciiString ascii) ? ascii.toLowerCase() : name.toString().toLowerCase(Locale.ROOT);
	}

	/**
	 * The status of an answer.
	 * @return 100 to 599, or -1 if there is none
	 */
	static int status(Http2Headers headers) {
		CharSequence status = headers.status();
		if (status == null || status.length() != 3) {
			return -1;
		}
		int number = 0;
		for (int i = 0; i < 3; i++) {
			int digit = status.charAt(i) - '0';
			if (digit < 0 || digit > 9) {
				return -1;
			}
			number = number * 10 + digit;
		}
		return (number >= 100 && number <= HIGHEST_STATUS) ? number : -1;
	}

	/**
	 * The head of an answer, as if it had come by HTTP/1.1.
	 * @throws IllegalArgumentException as {@link #fields}
	 */
	static HttpResponse response(int status, Http2Headers headers) {
		return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), fields(headers));
	}

}
