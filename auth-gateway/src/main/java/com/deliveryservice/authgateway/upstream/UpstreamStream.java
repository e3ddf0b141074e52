package com.deliveryservice.authgateway.upstream;

import java.io.IOException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer on a stream of an HTTP/2 connection to a backend. What is
 * read is taken from the stream's window only when it is asked for.
 */
public final class UpstreamStream extends ChannelInboundHandlerAdapter implements UpstreamCall {

	private final SharedConnection connection;

	private @Nullable ChannelHandlerContext ctx;

	private @Nullable UpstreamListener listener;

	private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;

	private boolean requestEnded;

	private boolean responded;

	private boolean responseEnded;

	private boolean closed;

	private boolean stream;

	UpstreamStream(SharedConnection connection) {
		this.connection = connection;
	}

	@Override
	public void begin(UpstreamListener listener, boolean head, boolean chunked) {
		this.listener = listener;
		read();
	}

	/**
	 * Writes the request's head.
	 * @param headers with the pseudo header fields, lower case
	 * @param end whether no body follows
	 */
	@SuppressWarnings("FutureReturnValueIgnored")
	public void head(Http2Headers headers, boolean end) {
		this.requestEnded = end;
		context().write(new DefaultHttp2HeadersFrame(headers, end));
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void write(ByteBuf content) {
		if (content.isReadable()) {
			context().write(new DefaultHttp2DataFrame(content, false));
		}
		else {
			content.release();
		}
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void end(HttpHeaders trailers) {
		if (this.requestEnded) {
			return;
		}
		this.requestEnded = true;
		context().write(trailers.isEmpty() ? new DefaultHttp2DataFrame(true)
				: new DefaultHttp2HeadersFrame(Http2Fields.of(trailers), true));
	}

	@Override
	public void flush() {
		context().flush();
	}

	@Override
	public boolean isWritable() {
		return context().channel().isWritable();
	}

	@Override
	public void becomeStream() {
		this.stream |= this.connection.startStream();
	}

	@Override
	public void read() {
		context().read();
	}

	/** A connection that has gone silent would let the next ones wait in vain, too. */
	@Override
	public void tooLate() {
		this.connection.fared(false);
		this.connection.retire();
	}

	/** The backend sees the stream reset. */
	@Override
	public void abort() {
		this.listener = null;
		close();
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.ctx = ctx;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		UpstreamListener waiting = this.listener;
		if (waiting == null || this.responseEnded) {
			ReferenceCountUtil.release(msg);
		}
		else if (msg instanceof Http2HeadersFrame frame) {
			try {
				headers(waiting, frame);
			}
			catch (IllegalArgumentException ex) {
				fail(UpstreamFailure.MISFRAMED, ex);
			}
		}
		else if (msg instanceof Http2DataFrame frame) {
			data(waiting, frame);
		}
		else {
			ReferenceCountUtil.release(msg);
		}
	}

	private void headers(UpstreamListener waiting, Http2HeadersFrame frame) {
		if (this.responded) {
			if (!frame.isEndStream()) {
				fail(UpstreamFailure.MISFRAMED, new Broken("trailers without an end"));
				return;
			}
			this.trailers = Http2Fields.trailers(frame.headers());
			this.responseEnded = true;
			return;
		}
		int status = Http2Fields.status(frame.headers());
		if (status < 0 || status == 101 || (status < 200 && frame.isEndStream())) {
			fail(UpstreamFailure.MISFRAMED, new Broken("no proper status"));
			return;
		}
		this.responded = status >= 200;
		this.responseEnded = frame.isEndStream();
		this.connection.fared(true);
		waiting.responded(Http2Fields.response(status, frame.headers()));
	}

	private void data(UpstreamListener waiting, Http2DataFrame frame) {
		if (!this.responded) {
			frame.release();
			fail(UpstreamFailure.MISFRAMED, new Broken("a body without a head"));
			return;
		}
		this.responseEnded = frame.isEndStream();
		if (frame.content().isReadable()) {
			waiting.received(frame.content());
		}
		else {
			frame.release();
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		UpstreamListener waiting = this.listener;
		if (waiting == null) {
			return;
		}
		if (!this.responseEnded) {
			waiting.drained();
			return;
		}
		this.listener = null;
		waiting.ended(this.trailers);
		if (!this.requestEnded) {
			close();
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		UpstreamListener waiting = this.listener;
		if (waiting != null && ctx.channel().isWritable()) {
			waiting.writable();
		}
		ctx.fireChannelWritabilityChanged();
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof Http2ResetFrame reset) {
			// without an error it follows a full answer, which may be unread yet (RFC
			// 9113 §8.1)
			if (reset.errorCode() != Http2Error.NO_ERROR.code()) {
				ended(new Broken("reset: " + reset.errorCode()));
			}
		}
		else if (event instanceof Http2GoAwayFrame away) {
			away.release();
			this.connection.retire();
			ended(new Broken("not taken: the connection goes away"));
		}
		else {
			ctx.fireUserEventTriggered(event);
		}
	}

	private void ended(Broken cause) {
		if (this.responseEnded && this.listener != null) {
			channelReadComplete(context());
		}
		else {
			fail(UpstreamFailure.BROKEN, cause);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		ended(new Broken("closed before the end of the answer"));
		if (!this.closed) {
			this.closed = true;
			this.connection.closed(this.connection.now(), this.stream);
		}
		ctx.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		fail(UpstreamFailure.MISFRAMED, cause);
	}

	private void fail(UpstreamFailure failure, Throwable cause) {
		UpstreamListener waiting = this.listener;
		this.listener = null;
		if (waiting != null) {
			this.connection.fared(false);
		}
		close();
		if (waiting != null) {
			waiting.failed(failure, cause);
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void close() {
		context().close();
	}

	private ChannelHandlerContext context() {
		ChannelHandlerContext context = this.ctx;
		if (context == null) {
			throw new IllegalStateException("not open");
		}
		return context;
	}

	/** Without a stack trace, since it says nothing. */
	private static final class Broken extends IOException {

		private static final long serialVersionUID = 1L;

		Broken(String message) {
			super(message);
		}

		@Override
		public synchronized Throwable fillInStackTrace() {
			return this;
		}

	}

}
