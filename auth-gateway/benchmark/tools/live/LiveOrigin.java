import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

/**
 * The origin of what stays open: {@code …/events} is a stream of the events that are
 * published, an upgrade is a WebSocket that echoes, anything else a short answer. All on
 * one event loop.
 */
class LiveOrigin {

	/** What a stream begins with: a comment. */
	static final byte[] WELCOME = ": welcome\n\n".getBytes(StandardCharsets.US_ASCII);

	private final ChannelGroup streams;

	private final AtomicLong echoed = new AtomicLong();

	private final EventLoopGroup loop;

	LiveOrigin(EventLoopGroup loop) {
		this.loop = loop;
		this.streams = new DefaultChannelGroup(loop.next());
	}

	void listen(int port, Class<? extends ServerChannel> type) {
		new ServerBootstrap().group(this.loop)
			.channel(type)
			.option(ChannelOption.SO_BACKLOG, 4096)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.childHandler(new ChannelInitializer<Channel>() {

				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(4096), new Front());
				}

			})
			.bind("127.0.0.1", port)
			.syncUninterruptibly();
	}

	/**
	 * Streams that are open.
	 */
	int streams() {
		return this.streams.size();
	}

	/**
	 * Messages that were echoed.
	 */
	long echoed() {
		return this.echoed.get();
	}

	/**
	 * Sends an event to every open stream.
	 */
	void publish(byte[] event) {
		this.loop.execute(() -> this.streams.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event)),
				ChannelMatchers.all(), true));
	}

	/**
	 * Ends every stream in order.
	 */
	void endStreams() {
		this.loop.execute(() -> this.streams.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
	}

	private final class Front extends SimpleChannelInboundHandler<FullHttpRequest> {

		@Override
		protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
			if (request.headers().contains(HttpHeaderNames.UPGRADE)) {
				ctx.pipeline().addLast(new WebSocketServerProtocolHandler(request.uri()), new Echo());
				ctx.fireChannelRead(request.retain());
			}
			else if (request.uri().endsWith("/events")) {
				HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
				head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
				head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
				LiveOrigin.this.streams.add(ctx.channel());
				// some gateways pass the head on with the first bytes only
				ctx.write(head);
				ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(WELCOME)));
			}
			else {
				FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
						Unpooled.wrappedBuffer("{}".getBytes(StandardCharsets.US_ASCII)));
				answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 2);
				ctx.writeAndFlush(answer);
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			ctx.close();
		}

	}

	private final class Echo extends SimpleChannelInboundHandler<TextWebSocketFrame> {

		@Override
		protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
			LiveOrigin.this.echoed.incrementAndGet();
			ctx.write(frame.retain());
		}

		@Override
		public void channelReadComplete(ChannelHandlerContext ctx) {
			ctx.flush();
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			ctx.close();
		}

	}

}
