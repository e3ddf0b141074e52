import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;

/**
 * What one idle connection weighs: memory of the target's process with so many, less that
 * before, divided. Each is in use first: a request answered, or a WebSocket opened.
 */
class IdleConnections {

	private final Clients clients;

	private final int count;

	private boolean measured;

	IdleConnections(Clients clients, int count) {
		this.clients = clients;
		this.count = count;
	}

	String run(long pid, boolean jvm, boolean websocket) throws Exception {
		try (Footprint footprint = new Footprint(pid, jvm)) {
			Footprint.Memory before = footprint.take();
			int[] number = { 0 };
			this.clients.open(this.count, websocket ? "/api/live/echo" : "/api/live/short", websocket,
					() -> new Idle(number[0]++, websocket), 60);
			Footprint.Memory with = footprint.take();
			this.measured = true;
			return "RESULT %d %s".formatted(this.count, with.less(before, this.count));
		}
	}

	private final class Idle extends SimpleChannelInboundHandler<HttpObject> {

		private final int number;

		private final boolean websocket;

		Idle(int number, boolean websocket) {
			this.number = number;
			this.websocket = websocket;
		}

		@Override
		public void channelActive(ChannelHandlerContext ctx) throws Exception {
			if (!this.websocket) {
				HttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET,
						"/api/live/short", Unpooled.EMPTY_BUFFER);
				request.headers().set("Host", "127.0.0.1");
				request.headers().set("Authorization", "Bearer " + IdleConnections.this.clients.token(this.number));
				ctx.writeAndFlush(request);
			}
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
			if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
				IdleConnections.this.clients.ready(ctx.channel());
			}
		}

		@Override
		protected void channelRead0(ChannelHandlerContext ctx, HttpObject msg) {
			if (msg instanceof HttpResponse response && response.status().code() != 200) {
				IdleConnections.this.clients.fail("the answer was " + response.status());
			}
			if (msg instanceof LastHttpContent) {
				IdleConnections.this.clients.ready(ctx.channel());
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext ctx) {
			if (!IdleConnections.this.measured) {
				IdleConnections.this.clients.fail("a connection was closed");
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			IdleConnections.this.clients.fail(cause.toString());
		}

	}

}
