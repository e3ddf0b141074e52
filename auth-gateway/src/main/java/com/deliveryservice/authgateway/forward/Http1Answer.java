package com.deliveryservice.authgateway.forward;

import java.time.Duration;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;

import com.deliveryservice.authgateway.forward.ResponseHead.Framing;
import com.deliveryservice.authgateway.forward.ResponseHead.Persistence;
import com.deliveryservice.authgateway.upstream.Chunks;

/**
 * An answer by HTTP/1.1. Trailers end here: a recipient may drop them (RFC 9110 §6.5.1),
 * and few clients ever see them.
 */
final class Http1Answer extends Answer {

	private static final byte[] CONTINUE = HeadWriter.ascii("HTTP/1.1 100 Continue\r\n\r\n");

	private final ClientConnection client;

	private final Framing framing;

	private Http1Answer(ClientConnection client, Framing framing, int status, boolean stream, Duration idle) {
		super(status, stream, idle, client.settings().streamIdle());
		this.client = client;
		this.framing = framing;
	}

	/**
	 * Writes the head.
	 */
	static Answer begin(ClientConnection client, Forwarding forwarding, HttpResponse response) {
		boolean old = forwarding.request().protocolVersion().equals(HttpVersion.HTTP_1_0);
		Framing framing = framing(forwarding, response, old);
		boolean close = client.closesAfterAnswer(framing == Framing.CLOSE);
		Persistence persistence = close ? Persistence.CLOSE : old ? Persistence.KEEP_ALIVE : Persistence.DEFAULT;
		ResponseHead.write(client.output().gather(), response, forwarding, framing, persistence);
		return new Http1Answer(client, framing, response.status().code(), isStream(response.headers()),
				forwarding.route().options().timeouts().idle());
	}

	/**
	 * Writes the head of a switch to WebSocket.
	 */
	static Answer beginUpgrade(ClientConnection client, Forwarding forwarding, HttpResponse response) {
		ResponseHead.write(client.output().gather(), response, forwarding, Framing.NO_BODY, Persistence.UPGRADE);
		return new Http1Answer(client, Framing.NO_BODY, 101, true, forwarding.route().options().timeouts().idle());
	}

	/**
	 * Tells the client to send its body.
	 */
	static void proceed(ClientConnection client) {
		client.output().gather().writeBytes(CONTINUE);
	}

	private static Framing framing(Forwarding forwarding, HttpResponse response, boolean old) {
		if (isBodiless(forwarding, response)) {
			return Framing.NO_BODY;
		}
		if (response.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
			return Framing.LENGTH;
		}
		return old ? Framing.CLOSE : Framing.CHUNKED;
	}

	@Override
	void write(ByteBuf content) {
		switch (this.framing) {
			case NO_BODY -> content.release();
			case CHUNKED -> Chunks.write(this.client.output(), content);
			case LENGTH, CLOSE -> this.client.output().write(content);
		}
	}

	@Override
	void end(HttpHeaders trailers) {
		if (this.framing == Framing.CHUNKED) {
			Chunks.end(this.client.output());
		}
		this.client.output().flush();
	}

	@Override
	void cut() {
		if (this.framing == Framing.CLOSE) {
			this.client.reset();
		}
		else {
			this.client.truncate();
		}
	}

	/** A stream of events has no end of its own that could be missing. */
	@Override
	void stop(boolean sessionOver) {
		this.client.closesAfterAnswer(true);
		end(EmptyHttpHeaders.INSTANCE);
	}

}
