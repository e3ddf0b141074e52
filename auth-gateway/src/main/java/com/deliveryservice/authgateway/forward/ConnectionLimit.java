package com.deliveryservice.authgateway.forward;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Counts a client's connection from the first moment, before anything is decrypted or
 * read. One above the limit is closed at once.
 */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {

	private final Edge edge;

	private boolean counted;

	ConnectionLimit(Edge edge) {
		this.edge = edge;
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void channelActive(ChannelHandlerContext ctx) {
		this.counted = true;
		if (this.edge.meters().connections().incrementAndGet() > this.edge.settings().maxConnections()) {
			ctx.close();
		}
		else {
			ctx.fireChannelActive();
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		if (this.counted) {
			this.counted = false;
			this.edge.meters().connections().decrementAndGet();
		}
		ctx.fireChannelInactive();
	}

}
