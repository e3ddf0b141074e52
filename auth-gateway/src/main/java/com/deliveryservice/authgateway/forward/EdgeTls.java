package com.deliveryservice.authgateway.forward;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLException;

import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.AsyncMapping;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.core.NestedExceptionUtils;

/**
 * TLS of the edge, as {@code server.ssl} has it. A certificate of a bundle that is
 * reloaded counts for the next handshake; connections that are open stay as they are.
 * HTTP/2 is offered by ALPN, before HTTP/1.1.
 */
final class EdgeTls {

	private static final Logger log = LoggerFactory.getLogger(EdgeTls.class);

	/**
	 * By TLS 1.2 a client could have it negotiate again and again; read once, by the JDK.
	 */
	private static final String NO_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

	static {
		if (System.getProperty(NO_RENEGOTIATION) == null) {
			System.setProperty(NO_RENEGOTIATION, "true");
		}
	}

	private static final int LONGEST_HELLO = 16 * 1024;

	private final ClientAuth clientAuth;

	private final ApplicationProtocolConfig protocols;

	private final Map<String, SslContext> named = new ConcurrentHashMap<>();

	private volatile SslContext context;

	/**
	 * TLS with one certificate for every name.
	 * @param bundle key, certificate, and perhaps whom to trust
	 * @param http2 whether HTTP/2 is offered
	 */
	EdgeTls(SslBundle bundle, boolean http2) {
		this(bundle, ClientAuth.NONE, http2);
	}

	private EdgeTls(SslBundle bundle, ClientAuth clientAuth, boolean http2) {
		this.clientAuth = clientAuth;
		this.protocols = protocols(http2);
		this.context = context(bundle);
	}

	/**
	 * TLS as configured.
	 * @param ssl {@code server.ssl}
	 * @param bundles for the bundles that it names
	 * @param http2 whether HTTP/2 is offered
	 */
	static EdgeTls of(Ssl ssl, SslBundles bundles, boolean http2) {
		ClientAuth clientAuth = Ssl.ClientAuth.map(ssl.getClientAuth(), ClientAuth.NONE, ClientAuth.OPTIONAL,
				ClientAuth.REQUIRE);
		EdgeTls tls = new EdgeTls(bundle(ssl, bundles), clientAuth, http2);
		String name = ssl.getBundle();
		if (name != null && !name.isBlank()) {
			bundles.addBundleUpdateHandler(name, (changed) -> tls.reload(null, changed));
		}
		ssl.getServerNameBundles().forEach((server) -> {
			tls.reload(server.serverName(), bundles.getBundle(server.bundle()));
			bundles.addBundleUpdateHandler(server.bundle(), (changed) -> tls.reload(server.serverName(), changed));
		});
		return tls;
	}

	private static SslBundle bundle(Ssl ssl, SslBundles bundles) {
		try {
			return WebServerSslBundle.get(ssl, bundles);
		}
		catch (NoSuchSslBundleException ex) {
			throw new IllegalArgumentException(
					"server.ssl.bundle: " + ex.getBundleName() + " (expected the name of a spring.ssl.bundle)", ex);
		}
		catch (RuntimeException ex) {
			throw unusable(ex);
		}
	}

	private static IllegalArgumentException unusable(Exception cause) {
		String reason = NestedExceptionUtils.getMostSpecificCause(cause).getMessage();
		return new IllegalArgumentException("server.ssl: " + reason + " (expected a private key and its certificate)",
				cause);
	}

	/**
	 * Takes a new certificate. One that cannot be used changes nothing, and is logged.
	 * @param serverName for this name alone, or {@code null} for every other
	 */
	void reload(@Nullable String serverName, SslBundle bundle) {
		try {
			SslContext fresh = context(bundle);
			if (serverName != null) {
				this.named.put(serverName.toLowerCase(Locale.ROOT), fresh);
			}
			else {
				this.context = fresh;
			}
		}
		catch (RuntimeException ex) {
			log.error("the new certificate of the edge cannot be used, the one before stays: {}", ex.getMessage());
		}
	}

	/**
	 * The handler that decrypts one connection.
	 * @param handshakeMillis within which the handshake has to be through
	 */
	ChannelHandler handler(long handshakeMillis) {
		AsyncMapping<String, SslContext> mapping = (name, promise) -> promise.setSuccess(contextFor(name));
		return new SniHandler(mapping, LONGEST_HELLO, handshakeMillis);
	}

	private SslContext contextFor(@Nullable String serverName) {
		SslContext own = (serverName != null) ? this.named.get(serverName.toLowerCase(Locale.ROOT)) : null;
		return (own != null) ? own : this.context;
	}

	private SslContext context(SslBundle bundle) {
		SslOptions options = bundle.getOptions();
		String[] enabled = options.getEnabledProtocols();
		String[] ciphers = options.getCiphers();
		try {
			ServerKey.check(bundle.getManagers().getKeyManagerFactory());
			return SslContextBuilder.forServer(bundle.getManagers().getKeyManagerFactory())
				.trustManager(bundle.getManagers().getTrustManagerFactory())
				.protocols((enabled != null) ? enabled : new String[] { "TLSv1.3", "TLSv1.2" })
				.ciphers((ciphers != null) ? List.of(ciphers) : Http2SecurityUtil.CIPHERS,
						SupportedCipherSuiteFilter.INSTANCE)
				.clientAuth(this.clientAuth)
				.applicationProtocolConfig(this.protocols)
				.build();
		}
		catch (SSLException | RuntimeException ex) {
			throw unusable(ex);
		}
	}

	private static ApplicationProtocolConfig protocols(boolean http2) {
		List<String> names = http2 ? List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)
				: List.of(ApplicationProtocolNames.HTTP_1_1);
		return new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
				ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
				ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, names);
	}

}
