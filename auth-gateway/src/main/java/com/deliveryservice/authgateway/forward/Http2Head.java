package com.deliveryservice.authgateway.forward;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

import com.deliveryservice.authgateway.upstream.Http2Fields;

/**
 * A head by HTTP/2 that is being written.
 */
final class Http2Head implements FieldSink {

	private static final int SIZE = 24;

	private final Http2Headers headers = new DefaultHttp2Headers(false, SIZE);

	@Override
	public FieldSink header(CharSequence name, CharSequence value) {
		this.headers.add(Http2Fields.lower(name), value);
		return this;
	}

	Http2Headers headers() {
		return this.headers;
	}

}
