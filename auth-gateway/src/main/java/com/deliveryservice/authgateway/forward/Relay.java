package com.deliveryservice.authgateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One side of an upgraded connection: passes bytes to the other side, and reads only
 * while that takes them. Both sides are on one event loop; what ends on one ends on the
 * other.
 */
final class Relay extends ChannelInboundHandlerAdapter {

	private final Runnable onBytes;

	private @Nullable Relay other;

	private @Nullable ChannelHandlerContext ctx;

	/**
	 * One side.
	 * @param onBytes called whenever something came
	 */
	Relay(Runnable onBytes) {
		this.onBytes = onBytes;
	}

	void join(Relay relay) {
		this.other = relay;
		relay.other = this;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.ctx = ctx;
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		ChannelHandlerContext to = otherContext();
		if (to != null && msg instanceof ByteBuf) {
			to.write(msg, to.voidPromise());
			this.onBytes.run();
		}
		else {
			ReferenceCountUtil.release(msg);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		ChannelHandlerContext to = otherContext();
		if (to != null) {
			to.flush();
			readIfTaken(ctx, to);
		}
	}

	/** The other side reads on when this one takes bytes again. */
	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		ChannelHandlerContext from = otherContext();
		if (from != null) {
			readIfTaken(from, ctx);
		}
	}

	private static void readIfTaken(ChannelHandlerContext from, ChannelHandlerContext to) {
		if (to.channel().isWritable()) {
			from.read();
		}
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
		ChannelHandlerContext to = otherContext();
		if (to != null) {
			to.flush();
			to.close();
		}
	}

	private @Nullable ChannelHandlerContext otherContext() {
		Relay relay = this.other;
		return (relay != null) ? relay.ctx : null;
	}

}
