package com.deliveryservice.authgateway.upstream;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import com.deliveryservice.authgateway.route.Upstream;
import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one backend. Idle ones belong to the event loop that opened them,
 * the last used is taken first, and an exchange never leaves its client's loop; their
 * number and that of the waiting is bounded over all loops.
 */
public final class UpstreamPool {

	private static final int LEAST_RETRIES = 3;

	private final UpstreamSettings settings;

	private final Connector connector;

	private final AtomicInteger open = new AtomicInteger();

	private final AtomicInteger streams = new AtomicInteger();

	private final AtomicInteger waiters = new AtomicInteger();

	private final Queue<Acquisition> waiting = new ConcurrentLinkedQueue<>();

	private final Set<Idle> loops = ConcurrentHashMap.newKeySet();

	private final FastThreadLocal<Idle> idle = new FastThreadLocal<>();

	private final FastThreadLocal<LoopConnections> shared = new FastThreadLocal<>();

	private final Breaker breaker;

	private final AtomicInteger retrying = new AtomicInteger();

	UpstreamPool(Upstream upstream, UpstreamSettings settings, Connector connector) {
		this.settings = settings;
		this.connector = connector;
		this.breaker = new Breaker(settings.breakerFailures());
	}

	public Upstream upstream() {
		return this.connector.upstream();
	}

	/**
	 * Whether requests may be sent at the moment.
	 */
	public Breaker breaker() {
		return this.breaker;
	}

	/**
	 * Addresses that are passed over at the moment.
	 */
	public int addressesOut() {
		return this.connector.addresses().out(System.nanoTime());
	}

	/**
	 * Whether a request may be sent once more: at most a fifth of those under way, or
	 * three. Each that may has to end with {@link #retried}.
	 */
	public boolean mayRetry() {
		int most = Math.max(LEAST_RETRIES, this.open.get() / 5);
		if (this.retrying.incrementAndGet() <= most) {
			return true;
		}
		this.retrying.decrementAndGet();
		return false;
	}

	/**
	 * A request that was sent once more has ended.
	 */
	public void retried() {
		this.retrying.decrementAndGet();
	}

	/**
	 * Connections that are open or being opened; by HTTP/2 the requests under way.
	 */
	public int size() {
		return this.open.get();
	}

	/**
	 * Requests that wait for a connection.
	 */
	public int waiting() {
		return this.waiters.get();
	}

	/**
	 * Requests that were sent once more and have not ended yet.
	 */
	public int retrying() {
		return this.retrying.get();
	}

	/**
	 * Event streams, WebSockets and gRPC streams that do not count as connections.
	 */
	public int streams() {
		return this.streams.get();
	}

	/**
	 * A call becomes a stream.
	 * @return whether its place is free for another one
	 */
	boolean startStream() {
		if (this.streams.incrementAndGet() > this.settings.maxStreams()) {
			this.streams.decrementAndGet();
			return false;
		}
		permitFreed();
		return true;
	}

	/**
	 * A stream is over, and its connection is still good.
	 * @return whether there is a place for it
	 */
	boolean endStream() {
		boolean room = permit();
		if (room) {
			this.streams.decrementAndGet();
		}
		return room;
	}

	/**
	 * A stream is over together with its connection.
	 */
	void streamClosed() {
		this.streams.decrementAndGet();
	}

	/**
	 * How long a wish may wait before it is given up.
	 */
	public Duration maxWait() {
		return this.settings.maxWait();
	}

	/**
	 * Takes the idle connection that was used last, or a stream of one that has room, if
	 * this event loop has one.
	 */
	public @Nullable UpstreamCall takeIdle(EventLoop loop) {
		return upstream().http2() ? takeStream(loop) : takeConnection(loop);
	}

	private @Nullable UpstreamStream takeStream(EventLoop loop) {
		if (!permit()) {
			return null;
		}
		UpstreamStream stream = shared(loop).open();
		if (stream == null) {
			permitFreed();
		}
		return stream;
	}

	private @Nullable UpstreamConnection takeConnection(EventLoop loop) {
		Idle own = idle(loop);
		UpstreamConnection connection;
		while ((connection = own.connections.pollFirst()) != null) {
			if (connection.isUsable(own.ticker.now(), this.settings)) {
				return connection;
			}
			connection.close();
		}
		return null;
	}

	/**
	 * Opens a connection, or waits for one. The listener hears of it, perhaps at once.
	 * Giving up after {@link UpstreamSettings#maxWait} and the connect timeout is the
	 * caller's duty.
	 * @param client whose event loop is used
	 * @param connectTimeout of a new connection
	 * @param listener who wants it
	 */
	public Acquisition acquire(Channel client, Duration connectTimeout, UpstreamListener listener) {
		Acquisition wish = new Acquisition(client, connectTimeout, listener);
		if (permit()) {
			connect(wish);
		}
		else if (this.waiters.incrementAndGet() <= this.settings.maxWaiting()) {
			this.waiting.add(wish);
			this.loops.forEach(Idle::giveUpOne);
			serveWaiter();
		}
		else {
			this.waiters.decrementAndGet();
			wish.fail(UpstreamFailure.NO_CAPACITY, new IOException("too many wait"));
		}
		return wish;
	}

	private boolean permit() {
		if (this.open.incrementAndGet() <= this.settings.maxConnections()) {
			return true;
		}
		this.open.decrementAndGet();
		return false;
	}

	private void connect(Acquisition wish) {
		if (upstream().http2()) {
			shared(wish.loop()).serve(wish);
		}
		else {
			connect(wish, true);
		}
	}

	/**
	 * Opens a connection. A channel that is closed before it has connected was hit by a
	 * late event of the one that had its file descriptor before, in the same turn of the
	 * event loop; it says nothing about the backend, and nothing was sent.
	 * @param again whether that may be tried once more
	 */
	private void connect(Acquisition wish, boolean again) {
		wish.connecting();
		UpstreamDecoder decoder = new UpstreamDecoder();
		UpstreamConnection connection = new UpstreamConnection(this, decoder, idle(wish.loop()).ticker.now());
		this.connector.open(wish, connection, (channel, failure) -> {
			if (again && failure instanceof ClosedChannelException) {
				closed(connection);
				if (permit()) {
					connect(wish, false);
					return;
				}
			}
			if (failure != null) {
				refused(wish, connection, channel, failure);
			}
			else if (!wish.complete(connection)) {
				release(connection);
			}
		});
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void refused(Acquisition wish, UpstreamConnection connection, @Nullable Channel channel, Throwable cause) {
		boolean late = cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException;
		connection.fared(false);
		closed(connection);
		if (channel != null) {
			channel.close();
		}
		wish.fail(late ? UpstreamFailure.CONNECT_TIMEOUT : UpstreamFailure.UNREACHABLE, cause);
	}

	void release(UpstreamConnection connection) {
		if (!connection.endStream()) {
			connection.close();
			return;
		}
		Idle own = this.idle.get();
		Acquisition waiter = nextWaiter();
		if (waiter != null && waiter.loop().inEventLoop()) {
			waiter.complete(connection);
			return;
		}
		if (waiter != null) {
			this.waiters.incrementAndGet();
			this.waiting.add(waiter);
			connection.close();
			return;
		}
		connection.idleSince(own.ticker.now());
		own.connections.addFirst(connection);
		connection.read();
	}

	void closed(UpstreamConnection connection) {
		Idle own = this.idle.get();
		if (own != null) {
			own.connections.remove(connection);
		}
		switch (connection.giveBackPlace()) {
			case CONNECTION -> permitFreed();
			case STREAM -> streamClosed();
			case NONE -> {
			}
		}
	}

	void permitFreed() {
		this.open.decrementAndGet();
		serveWaiter();
	}

	/** Takes the permit first, so that no waiter is overlooked when both come at once. */
	private void serveWaiter() {
		if (this.waiting.isEmpty() || !permit()) {
			return;
		}
		Acquisition waiter = nextWaiter();
		if (waiter != null) {
			waiter.loop().execute(() -> connectOrPass(waiter));
		}
		else {
			this.open.decrementAndGet();
		}
	}

	private void connectOrPass(Acquisition waiter) {
		if (waiter.isCancelled()) {
			permitFreed();
		}
		else {
			connect(waiter);
		}
	}

	private @Nullable Acquisition nextWaiter() {
		Acquisition waiter;
		while ((waiter = this.waiting.poll()) != null) {
			this.waiters.decrementAndGet();
			if (!waiter.isCancelled()) {
				return waiter;
			}
		}
		return null;
	}

	private LoopConnections shared(EventLoop loop) {
		LoopConnections own = this.shared.get();
		if (own == null) {
			own = new LoopConnections(this, this.connector, this.settings, loop);
			this.shared.set(own);
		}
		return own;
	}

	private Idle idle(EventLoop loop) {
		Idle own = this.idle.get();
		if (own == null || own.loop != loop) {
			own = new Idle(loop);
			this.idle.set(own);
			this.loops.add(own);
			own.ticker.add(own);
		}
		return own;
	}

	/** The idle connections of one event loop. */
	private final class Idle implements Timed {

		private final EventLoop loop;

		private final Ticker ticker;

		private final Deque<UpstreamConnection> connections = new ArrayDeque<>();

		Idle(EventLoop loop) {
			this.loop = loop;
			this.ticker = Ticker.of(loop);
		}

		void giveUpOne() {
			this.loop.execute(() -> {
				UpstreamConnection oldest = this.connections.pollLast();
				if (oldest != null) {
					oldest.close();
				}
			});
		}

		@Override
		public boolean isExpired(long now) {
			UpstreamConnection oldest = this.connections.peekLast();
			return oldest != null && !oldest.isUsable(now, UpstreamPool.this.settings);
		}

		@Override
		public void expired() {
			UpstreamConnection oldest = this.connections.pollLast();
			if (oldest != null) {
				oldest.close();
			}
		}

	}

}
