package com.deliveryservice.authgateway.forward;

import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Ends a connection whose client sends more frames that only make work than anybody
 * needs: PING, SETTINGS, their acknowledgements, PRIORITY, and unknown ones. Resets,
 * empty DATA and CONTINUATION are bounded by the codec. It stands before the codec's own
 * listener, which keeps what concerns no open stream to itself.
 */
final class Http2Flood extends Http2FrameListenerDecorator {

	private static final int MOST = 500;

	private final long window;

	private long windowEnds;

	private int count;

	private Http2Flood(Http2FrameListener listener, int windowSeconds) {
		super(listener);
		this.window = TimeUnit.SECONDS.toNanos(windowSeconds);
		this.windowEnds = System.nanoTime() + this.window;
	}

	/**
	 * A server's codec that has this before its listener.
	 */
	static Http2FrameCodecBuilder guardedCodec(int windowSeconds) {
		return new GuardedCodec(windowSeconds);
	}

	@Override
	public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
		count();
		super.onPingRead(ctx, data);
	}

	@Override
	public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
		count();
		super.onPingAckRead(ctx, data);
	}

	@Override
	public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
		count();
		super.onSettingsRead(ctx, settings);
	}

	@Override
	public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
		count();
		super.onSettingsAckRead(ctx);
	}

	@Override
	public void onPriorityRead(ChannelHandlerContext ctx, int streamId, int streamDependency, short weight,
			boolean exclusive) throws Http2Exception {
		count();
		super.onPriorityRead(ctx, streamId, streamDependency, weight, exclusive);
	}

	@Override
	public void onUnknownFrame(ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags,
			ByteBuf payload) throws Http2Exception {
		count();
		super.onUnknownFrame(ctx, frameType, streamId, flags, payload);
	}

	private void count() throws Http2Exception {
		long now = System.nanoTime();
		if (now - this.windowEnds > 0) {
			this.windowEnds = now + this.window;
			this.count = 0;
		}
		if (++this.count > MOST) {
			throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "Too many frames that only make work");
		}
	}

	private static final class GuardedCodec extends Http2FrameCodecBuilder {

		private final int windowSeconds;

		private GuardedCodec(int windowSeconds) {
			this.windowSeconds = windowSeconds;
			server(true);
		}

		@Override
		protected Http2FrameCodec build(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder,
				Http2Settings initialSettings) {
			return super.build(new GuardedDecoder(decoder, this.windowSeconds), encoder, initialSettings);
		}

	}

	private static final class GuardedDecoder extends DecoratingHttp2ConnectionDecoder {

		private final int windowSeconds;

		private GuardedDecoder(Http2ConnectionDecoder delegate, int windowSeconds) {
			super(delegate);
			this.windowSeconds = windowSeconds;
		}

		@Override
		public void frameListener(Http2FrameListener listener) {
			super.frameListener(new Http2Flood(listener, this.windowSeconds));
		}

	}

}
