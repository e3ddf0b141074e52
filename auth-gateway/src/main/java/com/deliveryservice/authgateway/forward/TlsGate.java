package com.deliveryservice.authgateway.forward;

import java.util.ArrayList;
import java.util.List;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Lets nothing pass until the TLS handshake is through; then the connection is either one
 * of HTTP/1.1, as if nothing had been before, or what ALPN chose: HTTP/2.
 */
final class TlsGate extends ChannelInboundHandlerAdapter {

	private final Edge edge;

	private boolean open;

	TlsGate(Edge edge) {
		this.edge = edge;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		ctx.read();
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
			if (this.open) {
				ctx.fireUserEventTriggered(event);
			}
		}
		else if (!handshake.isSuccess()) {
			ctx.close();
		}
		else {
			this.open = true;
			open(ctx);
		}
	}

	private void open(ChannelHandlerContext ctx) {
		SslHandler tls = ctx.pipeline().get(SslHandler.class);
		if (tls != null && ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
			rest(ctx).forEach(ctx.pipeline()::remove);
			Http2Connection.install(ctx.pipeline(), this.edge);
		}
		else {
			ctx.fireChannelActive();
		}
	}

	/** All that is there for HTTP/1.1, ours and Reactor Netty's. */
	private static List<ChannelHandler> rest(ChannelHandlerContext ctx) {
		List<ChannelHandler> rest = new ArrayList<>();
		boolean behind = false;
		for (var entry : ctx.pipeline()) {
			if (behind) {
				rest.add(entry.getValue());
			}
			behind |= entry.getValue() == ctx.handler();
		}
		return rest;
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		if (this.open) {
			ctx.fireChannelReadComplete();
		}
	}

	/** Behind the gate nothing has heard of the connection before it opens. */
	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		if (this.open) {
			ctx.fireChannelInactive();
		}
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (this.open) {
			ctx.fireExceptionCaught(cause);
		}
		else {
			ctx.close();
		}
	}

}
