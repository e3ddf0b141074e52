package com.deliveryservice.authgateway.upstream;

import java.time.Duration;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * A wish for a connection; may be given up. Belongs to the event loop of the client's
 * channel.
 */
public final class Acquisition {

	private final Channel client;

	private final Duration connectTimeout;

	private @Nullable UpstreamListener listener;

	private boolean connecting;

	Acquisition(Channel client, Duration connectTimeout, UpstreamListener listener) {
		this.client = client;
		this.connectTimeout = connectTimeout;
		this.listener = listener;
	}

	/**
	 * Gives up: the listener hears nothing more.
	 */
	public void cancel() {
		this.listener = null;
	}

	/**
	 * Whether a connection is being opened, so that only its own timeout counts.
	 */
	public boolean isConnecting() {
		return this.connecting;
	}

	void connecting() {
		this.connecting = true;
	}

	boolean isCancelled() {
		return this.listener == null;
	}

	Channel client() {
		return this.client;
	}

	EventLoop loop() {
		return this.client.eventLoop();
	}

	Duration connectTimeout() {
		return this.connectTimeout;
	}

	/** False if nobody wants it any more. */
	boolean complete(UpstreamCall call) {
		UpstreamListener waiting = this.listener;
		this.listener = null;
		if (waiting != null) {
			waiting.connected(call);
		}
		return waiting != null;
	}

	void fail(UpstreamFailure failure, Throwable cause) {
		UpstreamListener waiting = this.listener;
		this.listener = null;
		if (waiting != null) {
			waiting.failed(failure, cause);
		}
	}

}
