package com.deliveryservice.authgateway.forward;

import java.util.List;
import java.util.Map;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.upstream.Http2Fields;

/**
 * A request's head by HTTP/2 as the rest of the edge reads it (RFC 9113 §8.3): one
 * method, one target, one host. What could be read in two ways is malformed.
 */
final class Http2Request {

	static final HttpVersion VERSION = HttpVersion.valueOf("HTTP/2.0");

	private static final List<AsciiString> CONNECTION_SPECIFIC = List.of(HttpHeaderNames.CONNECTION,
			HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderNames.UPGRADE, AsciiString.cached("keep-alive"),
			AsciiString.cached("proxy-connection"));

	private Http2Request() {
	}

	/**
	 * Reads a head.
	 * @param headers as the codec let them pass: names in lower case, no
	 * connection-specific ones
	 * @param end whether no body follows
	 * @throws MalformedHeadException if it is none
	 */
	static HttpRequest of(Http2Headers headers, boolean end) {
		String method = one(headers, Http2Headers.PseudoHeaderName.METHOD);
		String scheme = one(headers, Http2Headers.PseudoHeaderName.SCHEME);
		String path = one(headers, Http2Headers.PseudoHeaderName.PATH);
		if (!scheme.equals("https") || method.isEmpty() || !headers.getAll(":protocol").isEmpty()) {
			throw malformed("pseudo header fields");
		}
		if (!path.chars().allMatch((c) -> c > ' ' && c < 0x7F)) {
			throw malformed("path");
		}
		if (method.length() + path.length() > HeadLimits.LINE) {
			throw new MalformedHeadException(ProblemCode.TARGET_TOO_LONG, "path");
		}
		HttpHeaders fields = fields(headers);
		HttpRequest request = new DefaultHttpRequest(VERSION, method(method), path, fields);
		host(fields, headers);
		cookies(fields);
		if (!end && !fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
			// how the rest of the edge knows of a body whose length nobody knows
			fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
		}
		return request;
	}

	private static HttpMethod method(String name) {
		try {
			return HttpMethod.valueOf(name);
		}
		catch (IllegalArgumentException ex) {
			throw malformed("method");
		}
	}

	private static HttpHeaders fields(Http2Headers headers) {
		int length = 0;
		for (Map.Entry<CharSequence, CharSequence> header : headers) {
			length += header.getKey().length() + header.getValue().length() + 4;
		}
		if (length > HeadLimits.BLOCK) {
			throw new MalformedHeadException(ProblemCode.HEADERS_TOO_LARGE, "header block");
		}
		HttpHeaders fields;
		try {
			fields = Http2Fields.fields(headers);
		}
		catch (IllegalArgumentException ex) {
			throw malformed("a header field");
		}
		for (AsciiString name : CONNECTION_SPECIFIC) {
			if (fields.contains(name)) {
				throw malformed("a connection-specific header field");
			}
		}
		return fields;
	}

	private static String one(Http2Headers headers, Http2Headers.PseudoHeaderName name) {
		List<CharSequence> values = headers.getAll(name.value());
		if (values.size() != 1) {
			throw malformed("pseudo header fields");
		}
		return values.get(0).toString();
	}

	/** {@code :authority} and {@code host}, if both came, have to say the same. */
	private static void host(HttpHeaders fields, Http2Headers headers) {
		List<CharSequence> authorities = headers.getAll(Http2Headers.PseudoHeaderName.AUTHORITY.value());
		List<String> hosts = fields.getAll(HttpHeaderNames.HOST);
		if (authorities.size() > 1 || hosts.size() > 1) {
			throw malformed("two hosts");
		}
		if (authorities.isEmpty()) {
			return;
		}
		String authority = authorities.get(0).toString();
		if (!hosts.isEmpty() && !hosts.get(0).equalsIgnoreCase(authority)) {
			throw malformed("two hosts");
		}
		fields.set(HttpHeaderNames.HOST, checked(authority));
	}

	private static String checked(String authority) {
		if (!HostName.isValid(authority)) {
			throw malformed("authority");
		}
		return authority;
	}

	/** A cookie may come in pieces (RFC 9113 §8.2.3); by HTTP/1.1 it is one line. */
	private static void cookies(HttpHeaders fields) {
		List<String> crumbs = fields.getAll(HttpHeaderNames.COOKIE);
		if (crumbs.size() > 1) {
			fields.set(HttpHeaderNames.COOKIE, String.join("; ", crumbs));
		}
	}

	private static MalformedHeadException malformed(String what) {
		return new MalformedHeadException(ProblemCode.INVALID_REQUEST, what);
	}

}
