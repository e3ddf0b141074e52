package com.deliveryservice.authgateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.forward.ResponseHead.Framing;
import com.deliveryservice.authgateway.upstream.Http2Fields;

/**
 * An answer by HTTP/2. Its head waits until it is known whether anything follows: to gRPC
 * a head that ends the stream means something else than one before an empty body.
 */
final class Http2Answer extends Answer {

	/** UNAUTHENTICATED and UNAVAILABLE of gRPC's status codes. */
	private static final String SESSION_OVER = "16";

	private static final String GOING_AWAY = "14";

	private final Http2Client client;

	private final boolean bodiless;

	private final boolean grpc;

	private @Nullable Http2Headers head;

	Http2Answer(Http2Client client, Forwarding forwarding, HttpResponse response) {
		super(response.status().code(), isStream(response.headers()), forwarding.route().options().timeouts().idle(),
				client.settings().streamIdle());
		this.client = client;
		this.bodiless = isBodiless(forwarding, response);
		this.grpc = isGrpc(response.headers());
		Http2Head written = new Http2Head();
		written.headers().status(response.status().codeAsText());
		ResponseHead.copy(written, response.headers(), forwarding);
		boolean length = response.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
		ResponseHead.length(written, response,
				this.bodiless ? Framing.NO_BODY : length ? Framing.LENGTH : Framing.CHUNKED);
		this.head = written.headers();
	}

	/**
	 * Writes the head, if it still waits.
	 */
	@Override
	void beforeFlush() {
		head(false);
	}

	private boolean head(boolean end) {
		Http2Headers waiting = this.head;
		this.head = null;
		if (waiting != null) {
			this.client.write(new DefaultHttp2HeadersFrame(waiting, end));
		}
		return waiting != null;
	}

	@Override
	void write(ByteBuf content) {
		if (this.bodiless) {
			content.release();
			return;
		}
		head(false);
		this.client.write(new DefaultHttp2DataFrame(content, false));
	}

	@Override
	void end(HttpHeaders trailers) {
		if (!trailers.isEmpty() && !this.bodiless) {
			head(false);
			this.client.write(new DefaultHttp2HeadersFrame(Http2Fields.of(trailers), true));
		}
		else if (!head(true)) {
			this.client.write(new DefaultHttp2DataFrame(true));
		}
		this.client.flush();
	}

	@Override
	void cut() {
		this.client.reset(Http2Error.INTERNAL_ERROR);
	}

	/** A gRPC call ends by its status; a stream of events just ends. */
	@Override
	void stop(boolean sessionOver) {
		HttpHeaders trailers = new DefaultHttpHeaders();
		if (this.grpc) {
			trailers.add("grpc-status", sessionOver ? SESSION_OVER : GOING_AWAY);
			trailers.add("grpc-message", sessionOver ? "the session has ended" : "the gateway is going down");
		}
		end(trailers);
	}

}
