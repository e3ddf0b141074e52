package com.deliveryservice.authgateway.upstream;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection to a backend, shared by the calls of one event loop: a stream for
 * each. It is there when the backend's SETTINGS came, takes no more calls once it is
 * retired, and closes with the last one.
 */
final class SharedConnection extends ChannelInboundHandlerAdapter implements NewConnection {

	static final int MOST_STREAMS = 100;

	private static final int STREAM_WINDOW = 64 * 1024 - 1;

	private static final int MAX_HEADERS = 64 * 1024;

	private final LoopConnections owner;

	private final long bornAt;

	private final Deque<Acquisition> waiting = new ArrayDeque<>();

	private @Nullable ChannelHandlerContext ctx;

	private Addresses.@Nullable Address address;

	private @Nullable Future<?> settingsTimeout;

	private int mostStreams = MOST_STREAMS;

	private int streams;

	private long idleSince;

	private boolean ready;

	private boolean retired;

	private boolean closed;

	SharedConnection(LoopConnections owner, long bornAt) {
		this.owner = owner;
		this.bornAt = bornAt;
		this.idleSince = bornAt;
	}

	@Override
	public void at(Addresses.Address chosen) {
		this.address = chosen;
		chosen.opened();
	}

	/**
	 * The window of the connection has room for what all streams may have unread, so that
	 * one slow client holds up nobody else.
	 */
	@Override
	public void install(ChannelPipeline pipeline) {
		pipeline.channel().config().setAutoRead(true);
		Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
			.initialSettings(Http2Settings.defaultSettings()
				.pushEnabled(false)
				.initialWindowSize(STREAM_WINDOW)
				.maxHeaderListSize(MAX_HEADERS))
			.encoderEnforceMaxConcurrentStreams(false)
			.gracefulShutdownTimeoutMillis(0)
			.build();
		pipeline.addLast(codec, new Http2MultiplexHandler(new Unwanted()), this);
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.ctx = ctx;
	}

	/**
	 * Whom to tell when it is there, or that it will not be.
	 */
	void await(Acquisition wish) {
		this.waiting.add(wish);
	}

	/**
	 * Whether one more may wait for it.
	 */
	boolean hasRoomForWaiting() {
		return !this.ready && !this.closed && this.waiting.size() < MOST_STREAMS;
	}

	/**
	 * The channel is open; now the backend has to say that it speaks HTTP/2.
	 * @param timeoutMillis until then
	 */
	void connected(long timeoutMillis) {
		ChannelHandlerContext context = context();
		this.settingsTimeout = context.executor()
			.schedule(() -> broken(new ConnectTimeoutException("no SETTINGS")), timeoutMillis, TimeUnit.MILLISECONDS);
		try {
			Http2FrameCodec codec = context.pipeline().get(Http2FrameCodec.class);
			codec.connection()
				.local()
				.flowController()
				.incrementWindowSize(codec.connection().connectionStream(), (MOST_STREAMS - 1) * STREAM_WINDOW);
		}
		catch (Http2Exception ex) {
			broken(ex);
		}
	}

	boolean isUsable(long now, UpstreamSettings settings) {
		return this.ready && !this.retired && !this.closed && context().channel().isActive()
				&& this.streams < this.mostStreams && now - this.bornAt < settings.maxLife().toNanos();
	}

	boolean isOver(long now, UpstreamSettings settings) {
		return this.ready && this.streams == 0 && (now - this.idleSince >= settings.idle().toNanos()
				|| now - this.bornAt >= settings.maxLife().toNanos());
	}

	/**
	 * Opens a stream.
	 * @return one that carries one call; {@code null} if the connection broke just now
	 */
	@Nullable UpstreamStream open() {
		UpstreamStream stream = new UpstreamStream(this);
		io.netty.util.concurrent.Future<Http2StreamChannel> opened = new Http2StreamChannelBootstrap(
				context().channel())
			.option(ChannelOption.AUTO_READ, false)
			.handler(stream)
			.open();
		if (!opened.isSuccess()) {
			retire();
			return null;
		}
		this.streams++;
		return stream;
	}

	/**
	 * A call becomes one without an end.
	 * @return whether it is counted as such from here on
	 */
	boolean startStream() {
		return this.owner.startStream();
	}

	/**
	 * A stream is closed.
	 * @param endless whether it was counted as one without an end
	 */
	void closed(long now, boolean endless) {
		this.streams--;
		this.idleSince = now;
		this.owner.closed(endless);
		if (this.retired && this.streams == 0) {
			close();
		}
	}

	long now() {
		return this.owner.now();
	}

	/**
	 * Takes no more calls.
	 */
	void retire() {
		this.retired = true;
		if (this.streams == 0) {
			close();
		}
	}

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
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (msg instanceof Http2SettingsFrame frame) {
			Long most = frame.settings().maxConcurrentStreams();
			this.mostStreams = (most != null) ? (int) Math.min(most, MOST_STREAMS) : this.mostStreams;
			if (!this.ready && this.mostStreams == 0) {
				broken(new IOException("no streams allowed"));
			}
			else if (!this.ready) {
				becomeReady();
			}
		}
		else if (msg instanceof Http2GoAwayFrame) {
			retire();
		}
		ReferenceCountUtil.release(msg);
	}

	private void becomeReady() {
		this.ready = true;
		cancelTimeout();
		this.owner.ready(this);
		Acquisition wish;
		while ((wish = this.waiting.poll()) != null) {
			this.owner.serve(wish);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		broken(new java.nio.channels.ClosedChannelException());
		ctx.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		broken(cause);
	}

	/**
	 * It will not be, or is no more. Its streams hear of it by themselves.
	 */
	void broken(Throwable cause) {
		if (!this.closed) {
			if (!this.ready) {
				fared(false);
			}
			close();
		}
		Acquisition wish;
		while ((wish = this.waiting.poll()) != null) {
			this.owner.failed(wish, cause);
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		cancelTimeout();
		this.owner.remove(this);
		Addresses.Address known = this.address;
		if (known != null) {
			known.closed();
		}
		ChannelHandlerContext context = this.ctx;
		if (context != null) {
			context.close();
		}
	}

	private void cancelTimeout() {
		Future<?> pending = this.settingsTimeout;
		this.settingsTimeout = null;
		if (pending != null) {
			pending.cancel(false);
		}
	}

	private ChannelHandlerContext context() {
		ChannelHandlerContext context = this.ctx;
		if (context == null) {
			throw new IllegalStateException("not connected");
		}
		return context;
	}

	/** A backend opens no streams: pushes are switched off. */
	private static final class Unwanted extends ChannelInboundHandlerAdapter {

		@Override
		public boolean isSharable() {
			return true;
		}

		@Override
		@SuppressWarnings("FutureReturnValueIgnored")
		public void channelActive(ChannelHandlerContext ctx) {
			Channel unwanted = ctx.channel();
			unwanted.close();
		}

	}

}
