package com.deliveryservice.authgateway.notifier;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
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

/**
 * Posts one notification. Only a 2xx says that it was taken; follows no redirect, reads
 * little, sends nothing twice by itself.
 */
final class NotificationPost implements AutoCloseable {

	/** The most that is read of an answer, in bytes; nobody looks at it. */
	static final int LARGEST = 64 * 1024;

	/** Shorter than what servers and proxies keep an idle connection for. */
	private static final Duration IDLE = Duration.ofSeconds(15);

	private final String url;

	private final Duration timeout;

	private final ConnectionProvider connections;

	private final HttpClient http;

	/**
	 * A client with connections of its own.
	 * @param url where to
	 * @param trust whom to trust, or {@code null} for what the JVM trusts
	 */
	NotificationPost(String url, NotifierSettings settings, @Nullable TrustManagerFactory trust) {
		this.url = url;
		this.timeout = settings.timeout();
		this.connections = ConnectionProvider.builder("notifier")
			.maxConnections(settings.maxConcurrent())
			.pendingAcquireMaxCount(settings.maxConcurrent())
			.pendingAcquireTimeout(settings.connectTimeout())
			.maxIdleTime(IDLE)
			.maxLifeTime(Duration.ofMinutes(5))
			.build();
		String authorization = settings.authorization();
		HttpClient plain = HttpClient.create(this.connections)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.connectTimeout().toMillis())
			.disableRetry(true)
			.followRedirect(false)
			.headers((headers) -> fill(headers, authorization));
		this.http = (trust != null) ? plain.secure((ssl) -> ssl.sslContext(trusting(trust))) : plain;
	}

	/**
	 * Posts.
	 * @param id of the notification: the same at every attempt, for a service that drops
	 * what it has already
	 * @param json the body
	 * @return completes if it was taken; fails with {@link NotTakenException} alone
	 */
	Mono<Void> post(UUID id, String json) {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		return this.http.headers((headers) -> {
			headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
			headers.set("Idempotency-Key", id.toString());
		})
			.post()
			.uri(this.url)
			.send((request, outbound) -> outbound.sendByteArray(Mono.just(body)))
			.response(NotificationPost::judge)
			.then()
			.timeout(this.timeout)
			.onErrorMap(NotificationPost::asNotTaken);
	}

	@Override
	public void close() {
		this.connections.dispose();
	}

	private static SslProvider.GenericSslContextSpec<SslContextBuilder> trusting(TrustManagerFactory trust) {
		return Http11SslContextSpec.forClient().configure((context) -> context.trustManager(trust));
	}

	private static void fill(HttpHeaders headers, @Nullable String authorization) {
		headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
		if (authorization != null) {
			headers.set(HttpHeaderNames.AUTHORIZATION, authorization);
		}
	}

	private static Publisher<Integer> judge(HttpClientResponse response, ByteBufFlux body) {
		int status = response.status().code();
		if (status < 200 || status > 299) {
			return Mono.error(new NotTakenException("status " + status, status >= 500 || status == 429, null));
		}
		return body.map((part) -> part.readableBytes()).scan(Integer::sum).handle((read, sink) -> {
			if (read > LARGEST) {
				sink.error(new NotTakenException("too large an answer", false, null));
			}
		});
	}

	private static Throwable asNotTaken(Throwable failure) {
		if (failure instanceof NotTakenException) {
			return failure;
		}
		String reason = "broken";
		if (failure instanceof ConnectException || failure instanceof UnknownHostException) {
			reason = "connect";
		}
		else if (failure instanceof SSLException) {
			reason = "tls";
		}
		else if (failure instanceof TimeoutException) {
			reason = "timeout";
		}
		return new NotTakenException(reason, true, failure);
	}

	/**
	 * It was not taken, or nobody knows.
	 */
	static final class NotTakenException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final boolean away;

		/**
		 * A failure.
		 * @param reason a few fixed words for tag and log
		 * @param away whether the service as a whole is to blame, and not this
		 * notification
		 * @param cause what happened, or {@code null}
		 */
		NotTakenException(String reason, boolean away, @Nullable Throwable cause) {
			super(reason, cause, false, false);
			this.away = away;
		}

		boolean isAway() {
			return this.away;
		}

	}

}
