package com.deliveryservice.authgateway.upstream;

import java.util.ArrayList;
import java.util.List;

import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections of one event loop to one backend. Calls that come while one is
 * being opened wait for it instead of opening more.
 */
final class LoopConnections implements Timed {

	private final UpstreamPool pool;

	private final Connector connector;

	private final UpstreamSettings settings;

	private final Ticker ticker;

	private final List<SharedConnection> connections = new ArrayList<>();

	private @Nullable SharedConnection opening;

	LoopConnections(UpstreamPool pool, Connector connector, UpstreamSettings settings, EventLoop loop) {
		this.pool = pool;
		this.connector = connector;
		this.settings = settings;
		this.ticker = Ticker.of(loop);
		this.ticker.add(this);
	}

	long now() {
		return this.ticker.now();
	}

	/**
	 * A stream of a connection that is there.
	 * @return {@code null} if there is none with room
	 */
	@Nullable UpstreamStream open() {
		long now = now();
		for (int i = this.connections.size() - 1; i >= 0; i--) {
			SharedConnection connection = this.connections.get(i);
			UpstreamStream stream = connection.isUsable(now, this.settings) ? connection.open() : null;
			if (stream != null) {
				return stream;
			}
		}
		return null;
	}

	/**
	 * Gives a wish a stream, as soon as there is a connection.
	 * @param wish which holds a permit
	 */
	void serve(Acquisition wish) {
		if (wish.isCancelled()) {
			this.pool.permitFreed();
			return;
		}
		UpstreamStream stream = open();
		if (stream != null) {
			if (!wish.complete(stream)) {
				stream.abort();
			}
			return;
		}
		wish.connecting();
		SharedConnection coming = this.opening;
		if (coming != null && coming.hasRoomForWaiting()) {
			coming.await(wish);
			return;
		}
		SharedConnection fresh = new SharedConnection(this, now());
		this.opening = fresh;
		fresh.await(wish);
		this.connector.open(wish, fresh, (channel, failure) -> connected(fresh, wish, channel, failure));
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void connected(SharedConnection fresh, Acquisition wish, @Nullable Channel channel,
			@Nullable Throwable failure) {
		if (failure == null) {
			fresh.connected(wish.connectTimeout().toMillis());
			return;
		}
		fresh.broken(failure);
		if (channel != null) {
			channel.close();
		}
	}

	void ready(SharedConnection connection) {
		this.opening = (this.opening == connection) ? null : this.opening;
		this.connections.add(connection);
	}

	void failed(Acquisition wish, Throwable cause) {
		boolean late = cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException;
		this.pool.permitFreed();
		wish.fail(late ? UpstreamFailure.CONNECT_TIMEOUT : UpstreamFailure.UNREACHABLE, cause);
	}

	void remove(SharedConnection connection) {
		this.opening = (this.opening == connection) ? null : this.opening;
		this.connections.remove(connection);
	}

	boolean startStream() {
		return this.pool.startStream();
	}

	void closed(boolean endless) {
		if (endless) {
			this.pool.streamClosed();
		}
		else {
			this.pool.permitFreed();
		}
	}

	@Override
	public boolean isExpired(long now) {
		for (SharedConnection connection : this.connections) {
			if (connection.isOver(now, this.settings)) {
				return true;
			}
		}
		return false;
	}

	@Override
	public void expired() {
		List<SharedConnection> over = new ArrayList<>(this.connections);
		over.removeIf((connection) -> !connection.isOver(now(), this.settings));
		over.forEach(SharedConnection::close);
	}

}
