package com.deliveryservice.authgateway.forward;

import java.net.InetSocketAddress;
import java.net.URI;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;

/**
 * A request of HTTP/2 as the API lane reads it.
 */
final class Http2ApiRequest extends AbstractServerHttpRequest {

	private final HttpRequest request;

	private final Channel channel;

	private final Flux<DataBuffer> body;

	/**
	 * A request.
	 * @param request its head, judged by the guard
	 * @param channel the socket's
	 * @param body for one subscriber
	 */
	Http2ApiRequest(HttpRequest request, Channel channel, Flux<DataBuffer> body) {
		super(HttpMethod.valueOf(request.method().name()), uri(request), null, headers(request));
		this.request = request;
		this.channel = channel;
		this.body = body;
	}

	private static URI uri(HttpRequest request) {
		return URI.create("https://" + request.headers().get(HttpHeaderNames.HOST) + request.uri());
	}

	private static HttpHeaders headers(HttpRequest request) {
		HttpHeaders headers = new HttpHeaders();
		request.headers().forEach((header) -> {
			if (!header.getKey().equalsIgnoreCase("Transfer-Encoding")) {
				headers.add(header.getKey(), header.getValue());
			}
		});
		return headers;
	}

	@Override
	protected MultiValueMap<String, HttpCookie> initCookies() {
		MultiValueMap<String, HttpCookie> cookies = new LinkedMultiValueMap<>();
		for (String line : this.request.headers().getAll(HttpHeaderNames.COOKIE)) {
			ServerCookieDecoder.LAX.decodeAll(line)
				.forEach((cookie) -> cookies.add(cookie.name(), new HttpCookie(cookie.name(), cookie.value())));
		}
		return cookies;
	}

	@Override
	public @Nullable InetSocketAddress getRemoteAddress() {
		return (InetSocketAddress) this.channel.remoteAddress();
	}

	@Override
	public @Nullable InetSocketAddress getLocalAddress() {
		return (InetSocketAddress) this.channel.localAddress();
	}

	@Override
	protected @Nullable SslInfo initSslInfo() {
		return null;
	}

	@Override
	public Flux<DataBuffer> getBody() {
		return this.body;
	}

	@Override
	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	public <T> T getNativeRequest() {
		return (T) this.request;
	}

}
