package com.deliveryservice.authgateway.forward;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;

import com.deliveryservice.authgateway.upstream.Ticker;
import com.deliveryservice.authgateway.upstream.Timed;

/**
 * One client's connection by HTTP/2: a bounded number of streams, each of them a
 * {@link Http2Client}; and an end when it idles, has served enough, or the gateway
 * drains, announced by GOAWAY and after the last stream.
 */
@SuppressWarnings("NullAway.Init")
final class Http2Connection extends ChannelInboundHandlerAdapter implements Timed {

	private static final int MOST_STREAMS = 100;

	private static final int STREAM_WINDOW = 64 * 1024 - 1;

	private static final int CONNECTION_WINDOW = 1024 * 1024;

	/**
	 * Of resets, and within which: both of the client's and of those that it provokes.
	 */
	private static final int RESETS = 200;

	private static final int WINDOW_SECONDS = 30;

	private static final int EMPTY_FRAMES = 2;

	private static final int QUEUED_CONTROL_FRAMES = 1000;

	private final Edge edge;

	private final Set<Http2Client> streams = new LinkedHashSet<>();

	private final Reception reception;

	private final Ticker ticker;

	private final Channel channel;

	private ChannelHandlerContext ctx;

	private int served;

	private long deadline;

	private boolean leaving;

	private Http2Connection(Edge edge, Channel channel) {
		this.edge = edge;
		this.channel = channel;
		this.reception = new Reception(edge, channel);
		this.ticker = Ticker.of(channel.eventLoop());
		this.deadline = this.ticker.after(edge.settings().headerTimeout());
	}

	/**
	 * Puts HTTP/2 at the end of a pipeline.
	 */
	static void install(ChannelPipeline pipeline, Edge edge) {
		Http2FrameCodec codec = Http2Flood.guardedCodec(WINDOW_SECONDS)
			.initialSettings(Http2Settings.defaultSettings()
				.maxConcurrentStreams(MOST_STREAMS)
				.initialWindowSize(STREAM_WINDOW)
				.maxHeaderListSize(HeadLimits.BLOCK))
			.decoderEnforceMaxRstFramesPerWindow(RESETS, WINDOW_SECONDS)
			.encoderEnforceMaxRstFramesPerWindow(RESETS, WINDOW_SECONDS)
			.decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_FRAMES)
			.encoderEnforceMaxQueuedControlFrames(QUEUED_CONTROL_FRAMES)
			.gracefulShutdownTimeoutMillis(0)
			.build();
		Http2Connection connection = new Http2Connection(edge, pipeline.channel());
		pipeline.addLast(codec, new Http2MultiplexHandler(connection.new Stream()), connection);
		connection.widen(codec);
		// each stream has a window of its own, and is read only while it is wanted
		pipeline.channel().config().setAutoRead(true);
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.ctx = ctx;
		this.ticker.add(this);
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void widen(Http2FrameCodec codec) {
		try {
			codec.connection()
				.local()
				.flowController()
				.incrementWindowSize(codec.connection().connectionStream(), CONNECTION_WINDOW - STREAM_WINDOW);
		}
		catch (Http2Exception ex) {
			this.channel.close();
		}
	}

	Edge edge() {
		return this.edge;
	}

	Reception reception() {
		return this.reception;
	}

	Ticker ticker() {
		return this.ticker;
	}

	Channel channel() {
		return this.channel;
	}

	void opened(Http2Client stream) {
		this.streams.add(stream);
		this.served++;
	}

	void closed(Http2Client stream) {
		this.streams.remove(stream);
		if (this.streams.isEmpty()) {
			this.deadline = this.ticker.after(this.edge.settings().keepAlive());
			if (this.leaving) {
				closeSoon();
			}
		}
	}

	@Override
	public boolean isExpired(long now) {
		if (!this.leaving && (this.edge.isDraining() || this.served >= this.edge.settings().maxRequests())) {
			return true;
		}
		if (this.streams.isEmpty()) {
			return now > this.deadline;
		}
		for (Http2Client stream : this.streams) {
			if (stream.isExpired(now)) {
				return true;
			}
		}
		return false;
	}

	@Override
	public void expired() {
		long now = this.ticker.now();
		List<Http2Client> expired = new ArrayList<>(this.streams);
		expired.removeIf((stream) -> !stream.isExpired(now));
		expired.forEach(Http2Client::expired);
		boolean over = this.streams.isEmpty() && now > this.deadline;
		if (over || this.edge.isDraining() || this.served >= this.edge.settings().maxRequests()) {
			leave();
		}
	}

	/** No new streams; what the client sent meanwhile it may send again elsewhere. */
	@SuppressWarnings("FutureReturnValueIgnored")
	private void leave() {
		if (this.leaving) {
			return;
		}
		this.leaving = true;
		this.ctx.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
		if (this.streams.isEmpty()) {
			closeSoon();
		}
	}

	/** After what is still to be written. */
	@SuppressWarnings("FutureReturnValueIgnored")
	private void closeSoon() {
		this.ctx.executor().schedule(() -> this.ctx.close(), 100, TimeUnit.MILLISECONDS);
	}

	/** A stream with unread data would not hear of it by itself. */
	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.ticker.remove(this);
		new ArrayList<>(this.streams).forEach(Http2Client::gone);
		ctx.fireChannelInactive();
	}

	/** Who broke the protocol is told so by the codec, which closes then. */
	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
			ctx.close();
		}
	}

	/** Makes a client of each stream. */
	private final class Stream extends ChannelInitializer<Channel> {

		@Override
		public boolean isSharable() {
			return true;
		}

		@Override
		protected void initChannel(Channel stream) {
			stream.config().setAutoRead(false);
			stream.pipeline().addLast(new Http2Client(Http2Connection.this));
		}

	}

}
