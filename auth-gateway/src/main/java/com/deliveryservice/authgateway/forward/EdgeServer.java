package com.deliveryservice.authgateway.forward;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

/**
 * The edge listener: Boot's own server, with our codec in the place of Netty's, and each
 * client's connection in front of Reactor Netty. Its bounds are {@link EdgeSettings}.
 */
@Component
class EdgeServer implements NettyServerCustomizer {

	private static final int BACKLOG = 4096;

	private static final String CLIENT = "auth-gateway.client";

	private final Edge edge;

	EdgeServer(Edge edge) {
		this.edge = edge;
	}

	@Override
	public HttpServer apply(HttpServer server) {
		return guard(server, this.edge);
	}

	/**
	 * Puts a listener's connections in front of a server.
	 */
	static HttpServer guard(HttpServer server, Edge edge) {
		return server.protocol(HttpProtocol.HTTP11)
			.compress(false)
			.accessLog(false)
			.forwarded(false)
			.option(ChannelOption.SO_BACKLOG, BACKLOG)
			.doOnChannelInit((observer, channel, address) -> install(channel, edge));
	}

	private static void install(Channel channel, Edge edge) {
		ChannelPipeline pipeline = channel.pipeline();
		EdgeCodec codec = new EdgeCodec();
		pipeline.replace(NettyPipeline.HttpCodec, NettyPipeline.HttpCodec, codec);
		pipeline.addAfter(NettyPipeline.HttpCodec, CLIENT, new ClientConnection(edge, codec));
	}

}
