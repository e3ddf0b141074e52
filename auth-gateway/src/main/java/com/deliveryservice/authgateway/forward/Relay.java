package com.deliveryservice.authgateway.forward;

import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One side of a WebSocket: passes frames to the other side as they came, and reads only
 * while that takes them. Both sides are on one event loop; what ends on one ends on the
 * other.
 */
final class Relay extends ChannelInboundHandlerAdapter {

	private static final long LINGER_MILLIS = 1000;

	private final WebSocketTunnel tunnel;

	private final WebSocketFrames frames;

	private @Nullable Relay other;

	private @Nullable ChannelHandlerContext ctx;

	private boolean ending;

	/**
	 * One side.
	 * @param tunnel what it belongs to
	 * @param frames those that come from this side
	 */
	Relay(WebSocketTunnel tunnel, WebSocketFrames frames) {
		this.tunnel = tunnel;
		this.frames = frames;
	}

	void join(Relay relay) {
		this.other = relay;
		relay.other = this;
	}

	WebSocketFrames frames() {
		return this.frames;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.ctx = ctx;
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		ChannelHandlerContext to = otherContext();
		if (to == null || this.ending || !(msg instanceof ByteBuf bytes)) {
			ReferenceCountUtil.release(msg);
			return;
		}
		int proper = this.frames.follow(bytes);
		bytes.writerIndex(bytes.readerIndex() + proper);
		to.write(bytes, to.voidPromise());
		this.tunnel.passed(this);
		if (this.frames.violation() != 0) {
			this.tunnel.violated(this, this.frames.violation());
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		ChannelHandlerContext to = otherContext();
		if (this.ending) {
			ctx.read();
		}
		else if (to != null) {
			to.flush();
			readIfTaken(ctx, to);
		}
	}

	/** The other side reads on when this one takes bytes again. */
	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		ChannelHandlerContext from = otherContext();
		if (from != null && !this.ending) {
			readIfTaken(from, ctx);
		}
	}

	private static void readIfTaken(ChannelHandlerContext from, ChannelHandlerContext to) {
		if (to.channel().isWritable()) {
			from.read();
		}
	}

	/**
	 * Writes a frame of our own to this side, if it fits in just now.
	 * @return whether it did
	 */
	@SuppressWarnings("FutureReturnValueIgnored")
	boolean send(ByteBuf frame) {
		ChannelHandlerContext to = this.ctx;
		Relay from = this.other;
		if (to == null || from == null || this.ending || !from.frames.isAtBoundary() || from.frames.isClosed()) {
			frame.release();
			return false;
		}
		to.writeAndFlush(frame, to.voidPromise());
		return true;
	}

	/**
	 * Writes a last frame to this side, if one fits in, and closes: at the latest in a
	 * second, and not before the peer has had the time to read it.
	 */
	@SuppressWarnings("FutureReturnValueIgnored")
	void end(ByteBuf close) {
		ChannelHandlerContext to = this.ctx;
		boolean told = send(close);
		this.ending = true;
		if (to == null) {
			return;
		}
		Channel channel = to.channel();
		if (!told) {
			to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
			return;
		}
		to.executor().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
		to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) (written) -> {
			if (written.isSuccess()) {
				HalfClose.of(channel);
			}
		});
		to.read();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		closeOther();
		ctx.fireChannelInactive();
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		ctx.close();
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void closeOther() {
		Relay relay = this.other;
		ChannelHandlerContext to = otherContext();
		if (to != null && relay != null && !relay.ending) {
			to.flush();
			to.close();
		}
	}

	private @Nullable ChannelHandlerContext otherContext() {
		Relay relay = this.other;
		return (relay != null) ? relay.ctx : null;
	}

}
