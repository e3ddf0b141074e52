package com.deliveryservice.authgateway.upstream;

import java.net.InetSocketAddress;
import java.util.function.BiConsumer;

import javax.net.ssl.SSLException;

import com.deliveryservice.authgateway.route.Upstream;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to one backend, by TLS with verified names if it says https.
 */
final class Connector {

	private final Upstream upstream;

	private final Resolvers resolvers;

	private final @Nullable SslContext tls;

	Connector(Upstream upstream, Resolvers resolvers) {
		this.upstream = upstream;
		this.resolvers = resolvers;
		this.tls = upstream.tls() ? tls() : null;
	}

	/**
	 * Opens one on the client's event loop.
	 * @param wish whose client and connect timeout count
	 * @param connection the handler of the connection
	 * @param decoder in front of it
	 * @param done gets {@code null}, or why there is none
	 */
	void open(Acquisition wish, UpstreamConnection connection, UpstreamDecoder decoder,
			BiConsumer<Channel, @Nullable Throwable> done) {
		Channel client = wish.client();
		new Bootstrap().group(wish.loop())
			.channelFactory(new ReflectiveChannelFactory<>(client.getClass()))
			.resolver(this.resolvers.like(client))
			.option(ChannelOption.AUTO_READ, false)
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.ALLOCATOR, client.alloc())
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) wish.connectTimeout().toMillis())
			.handler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					SslContext context = Connector.this.tls;
					if (context != null) {
						channel.pipeline().addLast(handshake(context, channel, wish));
					}
					channel.pipeline().addLast(decoder, connection);
				}

			})
			.connect(InetSocketAddress.createUnresolved(this.upstream.host(), this.upstream.port()))
			.addListener((Future<? super Void> connected) -> {
				Channel channel = ((io.netty.channel.ChannelFuture) connected).channel();
				SslHandler handler = channel.pipeline().get(SslHandler.class);
				if (!connected.isSuccess() || handler == null) {
					done.accept(channel, connected.cause());
					return;
				}
				channel.read();
				handler.handshakeFuture().addListener((shaken) -> done.accept(channel, shaken.cause()));
			});
	}

	private SslHandler handshake(SslContext context, Channel channel, Acquisition wish) {
		SslHandler handler = context.newHandler(channel.alloc(), this.upstream.host(), this.upstream.port());
		handler.setHandshakeTimeoutMillis(wish.connectTimeout().toMillis());
		return handler;
	}

	private static SslContext tls() {
		try {
			return SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS").build();
		}
		catch (SSLException ex) {
			throw new IllegalStateException("no TLS for upstreams", ex);
		}
	}

}
