package com.deliveryservice.authgateway.forward;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

import com.deliveryservice.authgateway.protection.SignInRoom;

/**
 * The edge listener: Boot's own server, with our codec in the place of Netty's, and each
 * client's connection in front of Reactor Netty. Its bounds are {@link EdgeSettings}. TLS
 * is ours, too: what decrypts has to know which protocol follows. In clear text that is
 * HTTP/1.1, whatever a client asks for.
 */
@Component
class EdgeServer implements NettyServerCustomizer {

	private static final int BACKLOG = 4096;

	private static final String CLIENT = "auth-gateway.client";

	private final Edge edge;

	private final @Nullable EdgeTls tls;

	@Autowired
	EdgeServer(Edge edge, ServerProperties server, SslBundles bundles, ObjectProvider<HttpHandler> api,
			SignInRoom signIns) {
		this(edge.withApi(api::getObject).shedding(signIns), tls(server.getSsl(), server.getHttp2(), bundles));
	}

	/**
	 * A server.
	 * @param edge what its connections share
	 * @param tls how they are decrypted; {@code null} in clear text
	 */
	EdgeServer(Edge edge, @Nullable EdgeTls tls) {
		this.edge = edge;
		this.tls = tls;
	}

	private static @Nullable EdgeTls tls(@Nullable Ssl ssl, @Nullable Http2 http2, SslBundles bundles) {
		return Ssl.isEnabled(ssl) ? EdgeTls.of(ssl, bundles, http2 != null && http2.isEnabled()) : null;
	}

	@Override
	public HttpServer apply(HttpServer server) {
		return guard(server.noSSL(), this.edge, this.tls);
	}

	/**
	 * Puts a listener's connections in front of a server.
	 */
	static HttpServer guard(HttpServer server, Edge edge, @Nullable EdgeTls tls) {
		return server.protocol(HttpProtocol.HTTP11)
			.compress(false)
			.accessLog(false)
			.forwarded(false)
			.option(ChannelOption.SO_BACKLOG, BACKLOG)
			.doOnChannelInit((observer, channel, address) -> install(channel, edge, tls));
	}

	private static void install(Channel channel, Edge edge, @Nullable EdgeTls tls) {
		ChannelPipeline pipeline = channel.pipeline();
		EdgeCodec codec = new EdgeCodec();
		pipeline.replace(NettyPipeline.HttpCodec, NettyPipeline.HttpCodec, codec);
		pipeline.addAfter(NettyPipeline.HttpCodec, CLIENT, new ClientConnection(edge, codec));
		if (tls != null) {
			pipeline.addFirst(new ConnectionLimit(edge), tls.handler(edge.settings().headerTimeout().toMillis()),
					new TlsGate(edge));
		}
		else {
			pipeline.addFirst(new ConnectionLimit(edge));
		}
	}

}
