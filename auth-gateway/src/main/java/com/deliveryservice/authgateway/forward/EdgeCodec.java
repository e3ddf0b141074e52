package com.deliveryservice.authgateway.forward;

import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/**
 * The HTTP codec of the edge. The encoder serves the API lane alone; the forward lane
 * writes its own bytes past it. Exchanges of a connection follow one another, so one flag
 * tells whether the answer is to a HEAD request.
 */
final class EdgeCodec extends CombinedChannelDuplexHandler<StrictRequestDecoder, HttpResponseEncoder> {

	private final StrictRequestDecoder decoder = new StrictRequestDecoder();

	private boolean head;

	EdgeCodec() {
		init(this.decoder, new Encoder());
	}

	void answerTo(boolean head) {
		this.head = head;
	}

	boolean isInsideHead() {
		return this.decoder.isInsideHead();
	}

	private final class Encoder extends HttpResponseEncoder {

		@Override
		protected boolean isContentAlwaysEmpty(HttpResponse response) {
			return EdgeCodec.this.head || super.isContentAlwaysEmpty(response);
		}

	}

}
