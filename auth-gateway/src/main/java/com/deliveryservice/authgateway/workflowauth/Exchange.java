package com.deliveryservice.authgateway.workflowauth;

import java.io.ByteArrayOutputStream;
import java.time.Duration;

import javax.net.ssl.TrustManagerFactory;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslContextBuilder;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.SslProvider;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts JSON to workflow-auth and takes nothing but a small 200 of JSON. Follows no
 * redirect, unpacks nothing, sends nothing twice.
 */
final class Exchange implements AutoCloseable {

	/** The largest answer in bytes; a real one has a few hundred. */
	static final int LARGEST = 64 * 1024;

	/** Shorter than what servers and proxies keep an idle connection for. */
	private static final Duration IDLE = Duration.ofSeconds(15);

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final WorkflowAuthSettings settings;

	private final ConnectionProvider connections;

	private final HttpClient http;

	/**
	 * A client with connections of its own.
	 * @param trust whom to trust, or {@code null} for what the JVM trusts
	 */
	Exchange(WorkflowAuthSettings settings, @Nullable TrustManagerFactory trust) {
		this.settings = settings;
		this.connections = ConnectionProvider.builder("workflow-auth")
			.maxConnections(settings.maxConcurrent())
			.pendingAcquireMaxCount(settings.maxConcurrent())
			.pendingAcquireTimeout(settings.connectTimeout())
			.maxIdleTime(IDLE)
			.maxLifeTime(Duration.ofMinutes(5))
			.build();
		HttpClient plain = HttpClient.create(this.connections)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.connectTimeout().toMillis())
			.disableRetry(true)
			.followRedirect(false)
			.headers(this::fill);
		this.http = (trust != null) ? plain.secure((ssl) -> ssl.sslContext(trusting(trust))) : plain;
	}

	/**
	 * Posts.
	 * @return the body of a good answer, at most {@link #LARGEST} bytes; fails with
	 * {@link WorkflowAuthUnavailableException} alone, and never by its own deadline
	 */
	Mono<byte[]> post(Operation operation, WireRequest request) {
		return Mono.defer(() -> {
			byte[] body = JSON.writeValueAsBytes(request);
			return this.http.headers((headers) -> headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length))
				.post()
				.uri(this.settings.url(operation))
				.send((out, outbound) -> outbound.sendByteArray(Mono.just(body)))
				.response(this::read)
				.single();
		}).onErrorMap(Outage::of);
	}

	@Override
	public void close() {
		this.connections.dispose();
	}

	private static SslProvider.GenericSslContextSpec<SslContextBuilder> trusting(TrustManagerFactory trust) {
		return Http11SslContextSpec.forClient().configure((context) -> context.trustManager(trust));
	}

	private void fill(HttpHeaders headers) {
		headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json; charset=utf-8");
		headers.set(HttpHeaderNames.ACCEPT, "application/json");
		String authorization = this.settings.authorization();
		if (authorization != null) {
			headers.set(HttpHeaderNames.AUTHORIZATION, authorization);
		}
	}

	private Publisher<byte[]> read(HttpClientResponse response, ByteBufFlux body) {
		Outage outage = judge(response);
		if (outage != null) {
			return Mono.error(outage.asException());
		}
		return body.asByteArray()
			.collect(ByteArrayOutputStream::new, Exchange::add)
			.map(ByteArrayOutputStream::toByteArray);
	}

	private static @Nullable Outage judge(HttpClientResponse response) {
		if (response.status().code() != 200) {
			return Outage.STATUS;
		}
		HttpHeaders headers = response.responseHeaders();
		if (headers.contains(HttpHeaderNames.CONTENT_ENCODING) || !isJson(headers.get(HttpHeaderNames.CONTENT_TYPE))) {
			return Outage.CONTENT;
		}
		// one that lies or is missing is met while reading
		return (headers.getInt(HttpHeaderNames.CONTENT_LENGTH, 0) > LARGEST) ? Outage.TOO_LARGE : null;
	}

	/**
	 * Without a type the body is judged alone (RFC 9110 §8.3).
	 */
	private static boolean isJson(@Nullable String contentType) {
		if (contentType == null) {
			return true;
		}
		CharSequence type = HttpUtil.getMimeType((CharSequence) contentType);
		return "application/json".equalsIgnoreCase(String.valueOf(type).trim());
	}

	private static void add(ByteArrayOutputStream body, byte[] part) {
		if (body.size() + part.length > LARGEST) {
			throw Outage.TOO_LARGE.asException();
		}
		body.writeBytes(part);
	}

}
