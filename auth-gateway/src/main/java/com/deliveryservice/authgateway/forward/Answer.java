package com.deliveryservice.authgateway.forward;

import java.time.Duration;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * A backend's answer that has begun to go to the client.
 */
abstract class Answer {

	private static final String EVENTS = "text/event-stream";

	private static final String GRPC = "application/grpc";

	private final int status;

	private final Duration idle;

	private final boolean stream;

	/**
	 * An answer.
	 * @param status of its head
	 * @param stream whether it may go on for hours
	 * @param idle how long the backend may be silent
	 * @param streamIdle and at least how long if it is a stream
	 */
	Answer(int status, boolean stream, Duration idle, Duration streamIdle) {
		this.status = status;
		this.stream = stream;
		this.idle = (stream && idle.compareTo(streamIdle) < 0) ? streamIdle : idle;
	}

	/**
	 * Whether an answer has no body, whatever its head says (RFC 9110 §6.4.1).
	 */
	static boolean isBodiless(Forwarding forwarding, HttpResponse response) {
		int status = response.status().code();
		return forwarding.request().method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
	}

	/**
	 * Whether a head announces a stream: of events, or of gRPC messages.
	 */
	static boolean isStream(HttpHeaders headers) {
		String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
		return begins(type, EVENTS) || begins(type, GRPC);
	}

	/**
	 * Whether a head belongs to a gRPC call.
	 */
	static boolean isGrpc(HttpHeaders headers) {
		return begins(headers.get(HttpHeaderNames.CONTENT_TYPE), GRPC);
	}

	private static boolean begins(@Nullable String type, String prefix) {
		return type != null && type.regionMatches(true, 0, prefix, 0, prefix.length());
	}

	/**
	 * Nothing more is there just now: what waits to be written goes out.
	 */
	void beforeFlush() {
	}

	/**
	 * Writes a piece of the body.
	 * @param content not empty; owned by this call
	 */
	abstract void write(ByteBuf content);

	/**
	 * Writes the end.
	 * @param trailers what came behind the body
	 */
	abstract void end(HttpHeaders trailers);

	/**
	 * Cuts it off, so that the client sees that the end is missing.
	 */
	abstract void cut();

	/**
	 * Ends a stream in order, before the backend does.
	 * @param sessionOver whether it is because the caller's session is over; else because
	 * the gateway goes down
	 */
	abstract void stop(boolean sessionOver);

	/**
	 * Whether it may go on for hours.
	 */
	boolean isStream() {
		return this.stream;
	}

	/**
	 * How long the backend may be silent; streams may be for long.
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
