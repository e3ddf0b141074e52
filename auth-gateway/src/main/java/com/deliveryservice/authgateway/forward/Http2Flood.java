package com.deliveryservice.authgateway.forward;

import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2PriorityFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2UnknownFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Ends a connection whose client sends more frames that only make work than anybody
 * needs: PING, SETTINGS, PRIORITY, and unknown ones. Resets, empty DATA and CONTINUATION
 * are bounded by the codec.
 */
final class Http2Flood extends ChannelInboundHandlerAdapter {

	private static final int MOST = 500;

	private final long window;

	private long windowEnds;

	private int count;

	private boolean over;

	Http2Flood(int windowSeconds) {
		this.window = TimeUnit.SECONDS.toNanos(windowSeconds);
		this.windowEnds = System.nanoTime() + this.window;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		boolean counts = msg instanceof Http2PingFrame || msg instanceof Http2SettingsFrame
				|| msg instanceof Http2PriorityFrame || msg instanceof Http2UnknownFrame;
		if (this.over || (counts && isOneTooMany())) {
			ReferenceCountUtil.release(msg);
			end(ctx);
		}
		else {
			ctx.fireChannelRead(msg);
		}
	}

	private boolean isOneTooMany() {
		long now = System.nanoTime();
		if (now - this.windowEnds > 0) {
			this.windowEnds = now + this.window;
			this.count = 0;
		}
		return ++this.count > MOST;
	}

	private void end(ChannelHandlerContext ctx) {
		if (!this.over) {
			this.over = true;
			ctx.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.ENHANCE_YOUR_CALM))
				.addListener(ChannelFutureListener.CLOSE);
		}
	}

}
