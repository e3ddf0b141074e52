package com.deliveryservice.authgateway.upstream;

import java.io.IOException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a backend, one exchange at a time. It is used again only after a
 * clean end: the request sent, the answer framed and ended, and not a byte behind it.
 */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter {

	private static final int HIGHEST_STATUS = 599;

	private final UpstreamPool pool;

	private final UpstreamDecoder decoder;

	private final long bornAt;

	private @Nullable ChannelHandlerContext ctx;

	private @Nullable Output output;

	private @Nullable UpstreamListener listener;

	private Addresses.@Nullable Address address;

	private long idleSince;

	private boolean permitted = true;

	private boolean requestEnded;

	private boolean responseEnded;

	private boolean reusable;

	private boolean informational;

	UpstreamConnection(UpstreamPool pool, UpstreamDecoder decoder, long bornAt) {
		this.pool = pool;
		this.decoder = decoder;
		this.bornAt = bornAt;
	}

	/**
	 * Begins an exchange.
	 * @param listener who gets the answer
	 * @param head whether it is a HEAD request, whose answer has no body
	 */
	public void begin(UpstreamListener listener, boolean head) {
		this.listener = listener;
		this.decoder.expect(head);
		this.requestEnded = false;
		this.responseEnded = false;
		this.reusable = false;
		read();
	}

	/**
	 * Where the request is written.
	 */
	public Output output() {
		Output out = this.output;
		if (out == null) {
			throw new IllegalStateException("not connected");
		}
		return out;
	}

	/**
	 * The request has been written to its end.
	 */
	public void requestEnded() {
		this.requestEnded = true;
	}

	public boolean isWritable() {
		return channel().isWritable();
	}

	/**
	 * Asks for the next bytes.
	 */
	public void read() {
		context().read();
	}

	/**
	 * It did not answer in time: its address is passed over for a while.
	 */
	public void tooLate() {
		fared(false);
	}

	/**
	 * Gives up: the backend sees the connection close, and no made-up end. The listener
	 * hears nothing more.
	 */
	public void abort() {
		this.listener = null;
		close();
	}

	/**
	 * After a switch of protocols: from here on the bytes, also those that came already,
	 * go to the relay; the listener hears nothing more.
	 */
	public void switchTo(ChannelInboundHandler relay) {
		this.listener = null;
		ChannelPipeline pipeline = channel().pipeline();
		pipeline.addAfter(pipeline.context(this.decoder).name(), null, relay);
		pipeline.remove(this.decoder);
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.ctx = ctx;
		this.output = new Output(ctx);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		UpstreamListener waiting = this.listener;
		if (waiting == null || this.responseEnded) {
			this.reusable = false;
			ReferenceCountUtil.release(msg);
			if (waiting == null) {
				close();
			}
			return;
		}
		if (msg instanceof HttpResponse response) {
			head(waiting, response);
		}
		else if (msg instanceof HttpContent content) {
			body(waiting, content);
		}
		else {
			ReferenceCountUtil.release(msg);
		}
	}

	private void head(UpstreamListener waiting, HttpResponse response) {
		if (response.decoderResult().isFailure()) {
			ReferenceCountUtil.release(response);
			fail(UpstreamFailure.MISFRAMED, response.decoderResult().cause());
			return;
		}
		if (response.status().code() > HIGHEST_STATUS) {
			ReferenceCountUtil.release(response);
			fail(UpstreamFailure.MISFRAMED, new Closed());
			return;
		}
		this.informational = response.status().code() < 200;
		this.reusable = HttpUtil.isKeepAlive(response);
		fared(true);
		waiting.responded(response);
	}

	private void body(UpstreamListener waiting, HttpContent content) {
		if (content.decoderResult().isFailure()) {
			content.release();
			fail(UpstreamFailure.MISFRAMED, content.decoderResult().cause());
			return;
		}
		boolean last = content instanceof LastHttpContent;
		if (this.informational) {
			this.informational = !last;
			content.release();
			return;
		}
		if (content.content().isReadable()) {
			waiting.received(content.content());
		}
		else {
			content.release();
		}
		this.responseEnded = last;
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
		if (this.reusable && this.requestEnded && ctx.channel().isActive() && !this.decoder.hasMore()) {
			this.pool.release(this);
		}
		else {
			close();
		}
		waiting.ended();
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
	public void channelInactive(ChannelHandlerContext ctx) {
		output().discard();
		this.pool.closed(this);
		fail(UpstreamFailure.BROKEN, new Closed());
		ctx.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		fail(UpstreamFailure.BROKEN, cause);
	}

	private void fail(UpstreamFailure failure, Throwable cause) {
		UpstreamListener waiting = this.listener;
		if (waiting != null) {
			fared(false);
		}
		this.listener = null;
		close();
		if (waiting != null) {
			waiting.failed(failure, cause);
		}
	}

	void at(Addresses.Address chosen) {
		this.address = chosen;
		chosen.opened();
	}

	/** What becomes of its exchanges tells how its address fares. */
	void fared(boolean well) {
		Addresses.Address known = this.address;
		if (known != null && well) {
			known.succeeded();
		}
		else if (known != null) {
			known.failed(System.nanoTime());
		}
	}

	/** True once: a permit is given back once, however the connection ends. */
	boolean giveBackPermit() {
		boolean given = this.permitted;
		this.permitted = false;
		Addresses.Address known = this.address;
		if (given && known != null) {
			known.closed();
		}
		return given;
	}

	void idleSince(long now) {
		this.idleSince = now;
	}

	boolean isUsable(long now, UpstreamSettings settings) {
		return channel().isActive() && now - this.idleSince < settings.idle().toNanos()
				&& now - this.bornAt < settings.maxLife().toNanos();
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	void close() {
		channel().close();
	}

	private Channel channel() {
		return context().channel();
	}

	private ChannelHandlerContext context() {
		ChannelHandlerContext context = this.ctx;
		if (context == null) {
			throw new IllegalStateException("not connected");
		}
		return context;
	}

	/** Without a stack trace, since it says nothing. */
	private static final class Closed extends IOException {

		private static final long serialVersionUID = 1L;

		Closed() {
			super("closed before the end of the answer");
		}

		@Override
		public synchronized Throwable fillInStackTrace() {
			return this;
		}

	}

}
