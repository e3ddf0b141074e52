package com.deliveryservice.authgateway.upstream;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;

/**
 * Decodes answers, knowing which of them have no body (RFC 9112 §6.3).
 */
final class UpstreamDecoder extends HttpResponseDecoder {

	private boolean head;

	UpstreamDecoder() {
		super(new HttpDecoderConfig().setMaxInitialLineLength(8192)
			.setMaxHeaderSize(64 * 1024)
			.setMaxChunkSize(64 * 1024));
	}

	void expect(boolean head) {
		this.head = head;
	}

	/**
	 * Whether bytes came behind the answer's end.
	 */
	boolean hasMore() {
		return actualReadableBytes() > 0;
	}

	@Override
	protected boolean isContentAlwaysEmpty(HttpMessage message) {
		if (message instanceof HttpResponse response) {
			int status = response.status().code();
			return this.head || status < 200 || status == 204 || status == 304;
		}
		return super.isContentAlwaysEmpty(message);
	}

}
