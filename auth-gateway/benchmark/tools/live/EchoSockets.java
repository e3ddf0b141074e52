import java.util.concurrent.CompletableFuture;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;

/**
 * WebSockets that send a message of 100 characters, wait for its echo, compare it, and
 * send the next. The origin has to have seen as many as came back.
 */
class EchoSockets {

	private static final String REST = "x".repeat(72);

	private final LiveOrigin origin;

	private final Clients clients;

	private final int count;

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	private Window window;

	private boolean over;

	private int busy;

	private long echoes;

	EchoSockets(LiveOrigin origin, Clients clients, int count) {
		this.origin = origin;
		this.clients = clients;
		this.count = count;
	}

	String run(long pid, long warmUp, long seconds) throws Exception {
		int[] number = { 0 };
		this.clients.open(this.count, "/api/live/echo", true, () -> new Socket(number[0]++), 60);
		this.window = new Window(pid, warmUp, seconds);
		this.busy = this.count;
		this.clients.loop()
			.execute(() -> this.clients.all()
				.forEach((channel) -> channel.pipeline().get(Socket.class).send(System.nanoTime())));
		this.clients.await(this.done, warmUp + seconds + 30, "to echo");
		if (this.origin.echoed() != this.echoes) {
			throw new IllegalStateException(
					this.echoes + " echoes came, but the origin sent " + this.origin.echoed());
		}
		return this.window.result();
	}

	private final class Socket extends SimpleChannelInboundHandler<TextWebSocketFrame> {

		private final int number;

		private ChannelHandlerContext ctx;

		private String message = "";

		private long sentAt;

		private int sent;

		Socket(int number) {
			this.number = number;
		}

		@Override
		public void handlerAdded(ChannelHandlerContext ctx) {
			this.ctx = ctx;
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
			if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
				EchoSockets.this.clients.ready(ctx.channel());
			}
		}

		void send(long now) {
			// 28 characters of its own
			this.message = "socket " + (100_000 + this.number) + " message " + (100_000 + ++this.sent) + REST;
			this.sentAt = now;
			this.ctx.writeAndFlush(new TextWebSocketFrame(this.message));
		}

		@Override
		protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
			long now = System.nanoTime();
			if (!this.message.equals(frame.text())) {
				EchoSockets.this.clients.fail("another echo than what was sent: " + frame.text());
				return;
			}
			EchoSockets.this.echoes++;
			EchoSockets.this.over |= EchoSockets.this.window.isOver(now);
			EchoSockets.this.window.add(now - this.sentAt);
			if (!EchoSockets.this.over) {
				send(now);
			}
			else if (--EchoSockets.this.busy == 0) {
				EchoSockets.this.done.complete(null);
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext ctx) {
			EchoSockets.this.clients.fail("a WebSocket was closed");
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			EchoSockets.this.clients.fail(cause.toString());
		}

	}

}
