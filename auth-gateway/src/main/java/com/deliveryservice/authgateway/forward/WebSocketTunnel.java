package com.deliveryservice.authgateway.forward;

import java.util.concurrent.ThreadLocalRandom;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket between a client and a backend. Frames pass as they are, pings, pongs and
 * close codes included; the gateway adds pings to a quiet client, and the close frame
 * when it is the gateway that ends it.
 */
final class WebSocketTunnel {

	/** The session has ended (RFC 6455 §7.4.1: a policy is violated). */
	static final int POLICY = 1008;

	/** Nothing came for too long, or the gateway goes down. */
	static final int GOING_AWAY = 1001;

	/** The backend broke the protocol (IANA's registry of close codes). */
	private static final int BAD_GATEWAY = 1014;

	private static final int PING = 0x9;

	private static final int ALL_RESERVED_BITS = 0x70;

	private static final int FIRST_RESERVED_BIT = 0x40;

	private final Relay client;

	private final Relay backend;

	private final Runnable onBytes;

	private boolean ended;

	private boolean heard = true;

	private long nextPing;

	/**
	 * A tunnel.
	 * @param response the backend's 101, which says what extensions are in use
	 * @param longest payload of a frame from the client, in bytes
	 * @param onBytes called whenever something came from either side
	 */
	WebSocketTunnel(HttpResponse response, long longest, Runnable onBytes) {
		int bits = extensionBits(response.headers().get(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
		this.client = new Relay(this, new WebSocketFrames(true, longest, bits));
		this.backend = new Relay(this, new WebSocketFrames(false, Long.MAX_VALUE, bits));
		this.client.join(this.backend);
		this.onBytes = onBytes;
	}

	/**
	 * Goes into the client's pipeline.
	 */
	Relay client() {
		return this.client;
	}

	/**
	 * Goes into the backend's pipeline.
	 */
	Relay backend() {
		return this.backend;
	}

	void passed(Relay from) {
		this.heard |= from == this.client;
		this.onBytes.run();
	}

	void violated(Relay by, int code) {
		if (by == this.client) {
			end(code, GOING_AWAY);
		}
		else {
			end(BAD_GATEWAY, code);
		}
	}

	/**
	 * Pings a client from which nothing came for a while. Its pong goes on to the
	 * backend, which ignores it (RFC 6455 §5.5.3).
	 * @param now as of {@link System#nanoTime}
	 * @param every how often, in ns
	 */
	void pingIfQuiet(long now, long every) {
		if (this.nextPing != 0 && now < this.nextPing) {
			return;
		}
		boolean quiet = !this.heard && this.nextPing != 0;
		this.heard = false;
		this.nextPing = now + every;
		if (quiet) {
			this.client.send(frame(PING, null, false));
		}
	}

	/**
	 * Ends it on both sides.
	 * @param toClient the close code for the client
	 * @param toBackend the close code for the backend
	 */
	void end(int toClient, int toBackend) {
		if (this.ended) {
			return;
		}
		this.ended = true;
		this.client.end(frame(WebSocketFrames.CLOSE, toClient, false));
		this.backend.end(frame(WebSocketFrames.CLOSE, toBackend, true));
	}

	/**
	 * A control frame. To a backend it is masked, as everything is that comes from a
	 * client; the key has to surprise nobody here, since the payload is ours.
	 */
	private static ByteBuf frame(int opcode, @Nullable Integer code, boolean masked) {
		int length = (code != null) ? 2 : 0;
		ByteBuf frame = Unpooled.buffer(8);
		frame.writeByte(0x80 | opcode).writeByte(masked ? 0x80 | length : length);
		int key = masked ? ThreadLocalRandom.current().nextInt() : 0;
		if (masked) {
			frame.writeInt(key);
		}
		if (code != null) {
			frame.writeShort(code ^ (key >>> 16));
		}
		return frame;
	}

	/** permessage-deflate uses the first bit; what others use nobody can know. */
	private static int extensionBits(@Nullable String extensions) {
		if (extensions == null || extensions.isBlank()) {
			return 0;
		}
		return extensions.strip().startsWith("permessage-deflate") && extensions.indexOf(',') < 0 ? FIRST_RESERVED_BIT
				: ALL_RESERVED_BITS;
	}

}
