import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;

/**
 * Opens many connections to one target, a few at a time, on one event loop. The first
 * failure is kept, and ends whoever waits.
 */
class Clients {

	private static final int AT_A_TIME = 32;

	private final EventLoopGroup loop;

	private final Class<? extends Channel> type;

	private final int port;

	private final List<String> tokens;

	private final List<Channel> open = new ArrayList<>();

	private final CompletableFuture<Void> failure = new CompletableFuture<>();

	private int opening;

	private int ready;

	Clients(EventLoopGroup loop, Class<? extends Channel> type, int port, List<String> tokens) {
		this.loop = loop;
		this.type = type;
		this.port = port;
		this.tokens = tokens;
	}

	EventLoop loop() {
		return this.loop.next();
	}

	/**
	 * Opens so many connections.
	 * @param count how many
	 * @param path of the request that each begins with
	 * @param websocket whether that is a handshake
	 * @param client handles one; has to call {@link #ready} once
	 * @param seconds within which all have to be ready
	 */
	void open(int count, String path, boolean websocket, Supplier<ChannelHandler> client, long seconds)
			throws Exception {
		CompletableFuture<Void> all = new CompletableFuture<>();
		loop().execute(() -> openNext(count, path, websocket, client, all));
		await(all, seconds, "to open " + count + " connections");
	}

	private void openNext(int count, String path, boolean websocket, Supplier<ChannelHandler> client,
			CompletableFuture<Void> all) {
		if (this.ready >= count) {
			all.complete(null);
			return;
		}
		while (this.opening < count && this.opening - this.ready < AT_A_TIME) {
			HttpHeaders headers = new DefaultHttpHeaders().set("Authorization",
					"Bearer " + this.tokens.get(this.opening % this.tokens.size()));
			this.opening++;
			connect(path, websocket ? headers : null, client.get());
		}
		loop().schedule(() -> openNext(count, path, websocket, client, all), 1, TimeUnit.MILLISECONDS);
	}

	private void connect(String path, HttpHeaders handshake, ChannelHandler client) {
		new Bootstrap().group(this.loop)
			.channel(this.type)
			.option(ChannelOption.TCP_NODELAY, true)
			.handler(new ChannelInitializer<Channel>() {

				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addLast(new HttpClientCodec());
					if (handshake != null) {
						URI uri = URI.create("ws://127.0.0.1:" + Clients.this.port + path);
						channel.pipeline()
							.addLast(new HttpObjectAggregator(8192),
									new WebSocketClientProtocolHandler(WebSocketClientHandshakerFactory
										.newHandshaker(uri, WebSocketVersion.V13, null, false, handshake, 65536, true, false,
												10_000, false, false)));
					}
					channel.pipeline().addLast(client);
				}

			})
			.connect(new InetSocketAddress("127.0.0.1", this.port))
			.addListener((connected) -> {
				if (!connected.isSuccess()) {
					fail("no connection: " + connected.cause());
				}
			});
	}

	String token(int number) {
		return this.tokens.get(number % this.tokens.size());
	}

	void ready(Channel channel) {
		this.ready++;
		this.open.add(channel);
	}

	List<Channel> all() {
		return this.open;
	}

	void fail(String what) {
		this.failure.completeExceptionally(new IllegalStateException(what));
	}

	/**
	 * Waits for something, or for a failure.
	 */
	void await(CompletableFuture<?> something, long seconds, String what) throws Exception {
		try {
			CompletableFuture.anyOf(something, this.failure).get(seconds, TimeUnit.SECONDS);
		}
		catch (java.util.concurrent.TimeoutException ex) {
			throw new IllegalStateException("took longer than " + seconds + " s " + what + " (" + this.ready + " are open)");
		}
	}

	void close() throws Exception {
		CompletableFuture<Void> closed = new CompletableFuture<>();
		loop().execute(() -> {
			this.open.forEach(Channel::close);
			closed.complete(null);
		});
		closed.get(10, TimeUnit.SECONDS);
	}

}
