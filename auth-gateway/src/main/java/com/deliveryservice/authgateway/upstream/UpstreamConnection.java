package com.deliveryservice.authgateway.upstream;

import java.io.IOException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a backend, one exchange at a time. It is used again only after a
 * clean end: the request sent, the answer framed and ended, and not a byte behind it.
 */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter implements UpstreamCall, NewConnection {

	private static final int HIGHEST_STATUS = 599;

	private final UpstreamPool pool;

	private final UpstreamDecoder decoder;

	private final long bornAt;

	private @Nullable ChannelHandlerContext ctx;

	private @Nullable Output output;

	private @Nullable UpstreamListener listener;

	private Addresses.@Nullable Address address;

	private long idleSince;

	private Place place = Place.CONNECTION;

	private boolean requestEnded;

	private boolean responseEnded;

	private boolean reusable;

	private boolean informational;

	private boolean chunked;

	private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;

	UpstreamConnection(UpstreamPool pool, UpstreamDecoder decoder, long bornAt) {
		this.pool = pool;
		this.decoder = decoder;
		this.bornAt = bornAt;
	}

	@Override
	public void begin(UpstreamListener listener, boolean head, boolean chunked) {
		this.listener = listener;
		this.chunked = chunked;
		this.trailers = EmptyHttpHeaders.INSTANCE;
		this.decoder.expect(head);
		this.requestEnded = false;
		this.responseEnded = false;
		this.reusable = false;
		read();
	}

	/**
	 * Where the request's head is written.
	 */
	public Output output() {
		Output out = this.output;
		if (out == null) {
			throw new IllegalStateException("not connected");
		}
		return out;
	}

	@Override
	public void write(ByteBuf content) {
		if (!content.isReadable()) {
			content.release();
		}
		else if (this.chunked) {
			Chunks.write(output(), content);
		}
		else {
			output().write(content);
		}
	}

	/** Trailers end here: HTTP/1.1 leaves it to each recipient to drop them. */
	@Override
	public void end(HttpHeaders trailers) {
		if (this.chunked) {
			Chunks.end(output());
		}
		this.requestEnded = true;
	}

	@Override
	public void flush() {
		output().flush();
	}

	@Override
	public boolean isWritable() {
		return channel().isWritable();
	}

	@Override
	public void read() {
		context().read();
	}

	@Override
	public void tooLate() {
		fared(false);
	}

	/** The backend sees the connection close. */
	@Override
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
		if (content instanceof LastHttpContent end) {
			this.trailers = end.trailingHeaders();
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
		if (this.reusable && this.requestEnded && ctx.channel().isActive() && !this.decoder.hasMore()) {
			this.pool.release(this);
		}
		else {
			close();
		}
		waiting.ended(this.trailers);
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

	@Override
	public void at(Addresses.Address chosen) {
		this.address = chosen;
		chosen.opened();
	}

	@Override
	public void install(ChannelPipeline pipeline) {
		pipeline.addLast(this.decoder, this);
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

	@Override
	public void becomeStream() {
		if (this.place == Place.CONNECTION && this.pool.startStream()) {
			this.place = Place.STREAM;
		}
	}

	/**
	 * Whether it may be used again: what was a stream needs a place among the
	 * connections.
	 */
	boolean endStream() {
		if (this.place == Place.STREAM && this.pool.endStream()) {
			this.place = Place.CONNECTION;
		}
		return this.place == Place.CONNECTION;
	}

	/**
	 * Gives its place back, once, however the connection ends.
	 */
	Place giveBackPlace() {
		Place given = this.place;
		this.place = Place.NONE;
		Addresses.Address known = this.address;
		if (given != Place.NONE && known != null) {
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

	/** Among what it is counted. */
	enum Place {

		CONNECTION, STREAM, NONE

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
