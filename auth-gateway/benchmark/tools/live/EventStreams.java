import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Event streams: an event is published to all of them, and the next as soon as each has
 * it, so that none can hide behind another. Every stream has to get every event byte for
 * byte, once and in order, and at last a proper end.
 */
class EventStreams {

	private final LiveOrigin origin;

	private final Clients clients;

	private final int count;

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	private Window window;

	private byte[] event = LiveOrigin.WELCOME;

	private long number;

	private long publishedAt;

	private int missing;

	private int ended;

	EventStreams(LiveOrigin origin, Clients clients, int count) {
		this.origin = origin;
		this.clients = clients;
		this.count = count;
	}

	String run(long pid, long warmUp, long seconds) throws Exception {
		int[] number = { 0 };
		this.clients.open(this.count, "/api/live/events", false, () -> new Reader(number[0]++), 60);
		if (this.origin.streams() != this.count) {
			throw new IllegalStateException("the origin has " + this.origin.streams() + " streams open");
		}
		this.window = new Window(pid, warmUp, seconds);
		this.clients.loop().execute(this::publish);
		this.clients.await(this.done, warmUp + seconds + 30, "to publish " + this.number + " events");
		return this.window.result();
	}

	private void publish() {
		this.publishedAt = System.nanoTime();
		if (this.window.isOver(this.publishedAt)) {
			this.missing = 0;
			this.origin.endStreams();
			return;
		}
		this.number++;
		this.missing = this.count;
		this.event = ("id: %08d\nevent: order\ndata: {\"order\":\"5a0c8d9e-51c4-4f0e-9d5b-2f6f3a0b7c11\",\"state\":\"cooking\","
				+ "\"items\":3,\"version\":%08d}\n\n").formatted(this.number, this.number)
			.getBytes(StandardCharsets.US_ASCII);
		this.origin.publish(this.event);
	}

	private void received() {
		this.window.add(System.nanoTime() - this.publishedAt);
		if (--this.missing == 0) {
			publish();
		}
	}

	private void ended() {
		if (++this.ended == this.count) {
			this.done.complete(null);
		}
	}

	private final class Reader extends SimpleChannelInboundHandler<HttpObject> {

		private final int number;

		private ChannelHandlerContext ctx;

		private long expected;

		private int position;

		private boolean over;

		Reader(int number) {
			this.number = number;
		}

		@Override
		public void channelActive(ChannelHandlerContext ctx) {
			this.ctx = ctx;
			HttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/api/live/events",
					Unpooled.EMPTY_BUFFER);
			request.headers().set("Host", "127.0.0.1").set("Accept", "text/event-stream");
			request.headers().set("Authorization", "Bearer " + EventStreams.this.clients.token(this.number));
			ctx.writeAndFlush(request);
		}

		@Override
		protected void channelRead0(ChannelHandlerContext ctx, HttpObject msg) {
			if (msg instanceof HttpResponse response) {
				if (response.status().code() != 200) {
					EventStreams.this.clients.fail("the answer was " + response.status());
				}
			}
			if (msg instanceof HttpContent content) {
				take(content.content());
				if (msg instanceof LastHttpContent) {
					end();
				}
			}
		}

		private void take(ByteBuf bytes) {
			byte[] event = EventStreams.this.event;
			int length = bytes.readableBytes();
			if (length == 0) {
				return;
			}
			if (this.expected != EventStreams.this.number || this.position + length > event.length || !ByteBufUtil
				.equals(bytes, bytes.readerIndex(), Unpooled.wrappedBuffer(event), this.position, length)) {
				EventStreams.this.clients.fail("a stream got something else than event " + this.expected);
				return;
			}
			this.position += length;
			if (this.position == event.length) {
				this.position = 0;
				if (this.expected++ > 0) {
					received();
				}
				else {
					EventStreams.this.clients.ready(this.ctx.channel());
				}
			}
		}

		private void end() {
			this.over = true;
			if (this.expected != EventStreams.this.number + 1) {
				EventStreams.this.clients.fail("a stream ended after event " + (this.expected - 1));
			}
			ended();
		}

		@Override
		public void channelInactive(ChannelHandlerContext ctx) {
			if (!this.over) {
				EventStreams.this.clients.fail("a stream was cut off");
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			EventStreams.this.clients.fail(cause.toString());
		}

	}

}
