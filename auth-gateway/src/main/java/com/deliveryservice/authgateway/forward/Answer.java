package com.deliveryservice.authgateway.forward;

import java.time.Duration;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.forward.ResponseHead.Framing;
import com.deliveryservice.authgateway.forward.ResponseHead.Persistence;
import com.deliveryservice.authgateway.upstream.Output;

/**
 * A backend's answer that has begun to go to the client.
 */
final class Answer {

	private static final byte[] CONTINUE = HeadWriter.ascii("HTTP/1.1 100 Continue\r\n\r\n");

	private final ClientConnection client;

	private final Framing framing;

	private final int status;

	private final Duration idle;

	private final boolean stream;

	private Answer(ClientConnection client, Framing framing, int status, Duration idle, boolean stream) {
		this.client = client;
		this.framing = framing;
		this.status = status;
		this.stream = stream;
		Duration streamIdle = client.settings().streamIdle();
		this.idle = (stream && idle.compareTo(streamIdle) < 0) ? streamIdle : idle;
	}

	/**
	 * Tells the client to send its body.
	 */
	static void proceed(Output out) {
		out.gather().writeBytes(CONTINUE);
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
		Duration idle = forwarding.route().options().timeouts().idle();
		boolean stream = isEventStream(response.headers().get(HttpHeaderNames.CONTENT_TYPE));
		return new Answer(client, framing, response.status().code(), idle, stream);
	}

	/**
	 * Writes the head of a switch to WebSocket.
	 */
	static Answer beginUpgrade(ClientConnection client, Forwarding forwarding, HttpResponse response) {
		ResponseHead.write(client.output().gather(), response, forwarding, Framing.NO_BODY, Persistence.UPGRADE);
		Duration idle = forwarding.route().options().timeouts().idle();
		return new Answer(client, Framing.NO_BODY, 101, idle, true);
	}

	private static Framing framing(Forwarding forwarding, HttpResponse response, boolean old) {
		int status = response.status().code();
		if (forwarding.request().method().equals(HttpMethod.HEAD) || status == 204 || status == 304) {
			return Framing.NO_BODY;
		}
		if (response.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
			return Framing.LENGTH;
		}
		return old ? Framing.CLOSE : Framing.CHUNKED;
	}

	private static boolean isEventStream(@Nullable String type) {
		return type != null && type.regionMatches(true, 0, "text/event-stream", 0, 17);
	}

	void write(ByteBuf content) {
		switch (this.framing) {
			case NO_BODY -> content.release();
			case CHUNKED -> Chunks.write(this.client.output(), content);
			case LENGTH, CLOSE -> this.client.output().write(content);
		}
	}

	/**
	 * Writes the end.
	 */
	void end() {
		if (this.framing == Framing.CHUNKED) {
			Chunks.end(this.client.output());
		}
		this.client.output().flush();
	}

	/**
	 * Cuts it off, so that the client sees that the end is missing.
	 */
	void cut() {
		if (this.framing == Framing.CLOSE) {
			this.client.reset();
		}
		else {
			this.client.truncate();
		}
	}

	/**
	 * Whether it may go on for hours.
	 */
	boolean isStream() {
		return this.stream;
	}

	/**
	 * How long the backend may be silent; event streams may be for long.
	 */
	Duration idle() {
		return this.idle;
	}

	/**
	 * The first digit of the status.
	 */
	int outcome() {
		return Math.min(this.status / 100, 5);
	}

}
