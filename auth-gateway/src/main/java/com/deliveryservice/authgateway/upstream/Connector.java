package com.deliveryservice.authgateway.upstream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

import com.deliveryservice.authgateway.route.Upstream;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to one backend, by TLS with verified names if it says https.
 */
final class Connector {

	private static final ApplicationProtocolConfig HTTP2 = new ApplicationProtocolConfig(
			ApplicationProtocolConfig.Protocol.ALPN, ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
			ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, ApplicationProtocolNames.HTTP_2);

	private final Upstream upstream;

	private final Resolvers resolvers;

	private final @Nullable SslContext tls;

	private final Addresses addresses = new Addresses();

	Connector(Upstream upstream, Resolvers resolvers, @Nullable TrustManagerFactory trust) {
		this.upstream = upstream;
		this.resolvers = resolvers;
		this.tls = upstream.tls() ? tls(trust, upstream.http2()) : null;
	}

	Upstream upstream() {
		return this.upstream;
	}

	Addresses addresses() {
		return this.addresses;
	}

	/**
	 * Finds out what the names mean now and opens a connection to the best address, on
	 * the client's event loop.
	 * @param wish whose client and connect timeout count
	 * @param connection what becomes of it
	 * @param done gets {@code null}, or why there is none
	 */
	void open(Acquisition wish, NewConnection connection, BiConsumer<@Nullable Channel, @Nullable Throwable> done) {
		List<Upstream> places = new ArrayList<>(this.upstream.others());
		places.add(0, this.upstream);
		resolve(wish, places, new ArrayList<>(), (resolved, failure) -> {
			if (resolved.isEmpty()) {
				done.accept(null, failure);
				return;
			}
			Addresses.Address address = this.addresses.choose(resolved, System.nanoTime());
			connection.at(address);
			connect(wish, connection, address.socketAddress(), done);
		});
	}

	/** One after the other; a name that is gone costs only its own addresses. */
	private void resolve(Acquisition wish, List<Upstream> places, List<InetSocketAddress> resolved,
			BiConsumer<List<InetSocketAddress>, @Nullable Throwable> done) {
		Upstream place = places.remove(0);
		this.resolvers.like(wish.client())
			.getResolver(wish.loop())
			.resolveAll(InetSocketAddress.createUnresolved(place.host(), place.port()))
			.addListener((Future<List<InetSocketAddress>> found) -> {
				if (found.isSuccess()) {
					resolved.addAll(found.getNow());
				}
				if (places.isEmpty()) {
					done.accept(resolved, found.cause());
				}
				else {
					resolve(wish, places, resolved, done);
				}
			});
	}

	private void connect(Acquisition wish, NewConnection connection, InetSocketAddress address,
			BiConsumer<@Nullable Channel, @Nullable Throwable> done) {
		Channel client = wish.client();
		new Bootstrap().group(wish.loop())
			.channelFactory(new ReflectiveChannelFactory<>(client.getClass()))
			.resolver(NoopAddressResolverGroup.INSTANCE)
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
					connection.install(channel.pipeline());
				}

			})
			.connect(address)
			.addListener((Future<? super Void> connected) -> {
				Channel channel = ((io.netty.channel.ChannelFuture) connected).channel();
				SslHandler handler = channel.pipeline().get(SslHandler.class);
				if (!connected.isSuccess() || handler == null) {
					done.accept(channel, connected.cause());
					return;
				}
				channel.read();
				handler.handshakeFuture()
					.addListener((shaken) -> done.accept(channel,
							(shaken.cause() == null) ? wrongProtocol(handler) : shaken.cause()));
			});
	}

	/** A backend that does not choose HTTP/2 does not speak it. */
	private @Nullable IOException wrongProtocol(SslHandler handler) {
		boolean right = !this.upstream.http2() || ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol());
		return right ? null : new IOException("no HTTP/2 by ALPN");
	}

	private SslHandler handshake(SslContext context, Channel channel, Acquisition wish) {
		SslHandler handler = context.newHandler(channel.alloc(), this.upstream.host(), this.upstream.port());
		handler.setHandshakeTimeoutMillis(wish.connectTimeout().toMillis());
		return handler;
	}

	private static SslContext tls(@Nullable TrustManagerFactory trust, boolean http2) {
		try {
			return SslContextBuilder.forClient()
				.trustManager(trust)
				.protocols("TLSv1.3", "TLSv1.2")
				.endpointIdentificationAlgorithm("HTTPS")
				.applicationProtocolConfig(http2 ? HTTP2 : ApplicationProtocolConfig.DISABLED)
				.build();
		}
		catch (SSLException ex) {
			throw new IllegalStateException("no TLS for upstreams", ex);
		}
	}

}
