package com.deliveryservice.authgateway.forward;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An answer of the API lane, collected: status, fields and body. Read when the lane has
 * completed.
 */
final class Http2ApiResponse extends AbstractServerHttpResponse {

	/** Of the connection or of the framing: not said by HTTP/2, or by us. */
	private static final Set<String> FRAMING = Set.of("connection", "keep-alive", "transfer-encoding", "upgrade",
			"content-length");

	private volatile byte[] body = new byte[0];

	Http2ApiResponse() {
		super(DefaultDataBufferFactory.sharedInstance);
	}

	int status() {
		HttpStatusCode status = getStatusCode();
		return (status != null) ? status.value() : 200;
	}

	byte[] body() {
		return this.body;
	}

	/**
	 * Writes the fields but for the length.
	 */
	void fields(FieldSink head) {
		for (Map.Entry<String, List<String>> header : getHeaders().headerSet()) {
			if (!FRAMING.contains(header.getKey().toLowerCase(Locale.ROOT))) {
				header.getValue().forEach((value) -> head.checkedHeader(header.getKey(), value));
			}
		}
		getCookies().values()
			.forEach((cookies) -> cookies.forEach((cookie) -> head.checkedHeader("Set-Cookie", cookie.toString())));
	}

	@Override
	protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> publisher) {
		return DataBufferUtils.join(publisher).doOnNext(this::keep).then();
	}

	@Override
	protected Mono<Void> writeAndFlushWithInternal(Publisher<? extends Publisher<? extends DataBuffer>> publisher) {
		return writeWithInternal(Flux.from(publisher).concatMap(Flux::from));
	}

	private void keep(DataBuffer joined) {
		byte[] bytes = new byte[joined.readableByteCount()];
		joined.read(bytes);
		DataBufferUtils.release(joined);
		this.body = bytes;
	}

	@Override
	protected void applyStatusCode() {
		// read when all is there
	}

	@Override
	protected void applyHeaders() {
		// read when all is there
	}

	@Override
	protected void applyCookies() {
		// read when all is there
	}

	@Override
	@SuppressWarnings("TypeParameterUnusedInFormals")
	public <T> T getNativeResponse() {
		throw new IllegalStateException("an answer by HTTP/2 is nobody's native one");
	}

}
