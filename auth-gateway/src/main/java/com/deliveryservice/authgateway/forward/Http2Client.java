package com.deliveryservice.authgateway.forward;

import java.time.Duration;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.identity.RequestIds;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.upstream.Http2Fields;
import com.deliveryservice.authgateway.upstream.Ticker;

/**
 * One stream of a client's HTTP/2 connection: a request and its answer. What breaks is
 * reset, what is answered early ends without an error, and the other streams go on.
 */
@SuppressWarnings("NullAway.Init")
final class Http2Client extends ChannelInboundHandlerAdapter implements Client {

	private static final Duration LINGER = Duration.ofSeconds(2);

	private static final long NEVER = Long.MAX_VALUE;

	private static final Problem TIMEOUT = Problem.of(ProblemCode.REQUEST_TIMEOUT);

	private static final Problem MALFORMED = Problem.of(ProblemCode.INVALID_REQUEST)
		.withDetail("The body is not proper HTTP/2.");

	private final Http2Connection connection;

	private ChannelHandlerContext ctx;

	private Exchange current = Answered.INSTANCE;

	private @Nullable ChannelFuture written;

	private boolean begun;

	private boolean requestEnded;

	private boolean answered;

	private boolean gone;

	private long deadline = NEVER;

	private long requestDeadline = NEVER;

	private String requestId = "";

	private String target = "";

	private boolean headRequest;

	Http2Client(Http2Connection connection) {
		this.connection = connection;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.ctx = ctx;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.connection.opened(this);
		ctx.read();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (msg instanceof Http2HeadersFrame frame) {
			if (this.begun) {
				trailers(frame);
			}
			else {
				begin(frame.headers(), frame.isEndStream());
			}
		}
		else if (msg instanceof Http2DataFrame frame) {
			body(frame.isEndStream() ? new DefaultLastHttpContent(frame.content())
					: new DefaultHttpContent(frame.content()));
		}
		else {
			ReferenceCountUtil.release(msg);
		}
	}

	private void begin(Http2Headers headers, boolean end) {
		this.begun = true;
		this.requestEnded = end;
		HttpRequest request;
		try {
			request = Http2Request.of(headers, end);
		}
		catch (MalformedHeadException ex) {
			this.requestId = RequestIds.next();
			refuse(Problem.of(ex.code()), true);
			return;
		}
		this.headRequest = request.method().equals(HttpMethod.HEAD);
		this.target = request.uri();
		this.requestId = this.connection.reception().requestId(request.headers());
		this.requestDeadline = end ? NEVER : ticker().after(settings().requestTimeout());
		awaitBody();
		this.connection.reception().receive(this, request, this.requestId);
		if (end) {
			body(LastHttpContent.EMPTY_LAST_CONTENT);
		}
	}

	private void trailers(Http2HeadersFrame frame) {
		if (!frame.isEndStream()) {
			broken();
			return;
		}
		try {
			body(new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, Http2Fields.trailers(frame.headers())));
		}
		catch (IllegalArgumentException ex) {
			broken();
		}
	}

	private void body(HttpContent content) {
		if (Reception.hasLongTrailers(content)) {
			content.release();
			broken();
			return;
		}
		if (content instanceof LastHttpContent) {
			this.requestEnded = true;
			this.requestDeadline = NEVER;
		}
		awaitBody();
		this.current.content(content);
	}

	private void awaitBody() {
		if (!this.answered) {
			this.deadline = this.requestEnded ? NEVER : ticker().after(settings().bodyTimeout());
		}
	}

	private void broken() {
		if (this.answered) {
			reset(Http2Error.PROTOCOL_ERROR);
		}
		else {
			this.current.requestBroken(MALFORMED);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		this.current.readCompleted();
		readIfWanted();
	}

	@Override
	public void readIfWanted() {
		if (this.gone || (!this.requestEnded && this.current.wantsMore())) {
			this.ctx.read();
		}
	}

	@Override
	public Channel channel() {
		return this.connection.channel();
	}

	/**
	 * Writes a frame of the answer.
	 */
	void write(Http2StreamFrame frame) {
		this.written = this.ctx.write(frame);
	}

	@Override
	public Ticker ticker() {
		return this.connection.ticker();
	}

	@Override
	public EdgeSettings settings() {
		return this.connection.edge().settings();
	}

	@Override
	public void run(Exchange exchange) {
		this.current = exchange;
	}

	@Override
	public void passOn(HttpRequest request) {
		Http2ApiExchange exchange = new Http2ApiExchange(this, this.connection.edge(), request);
		this.current = exchange;
		exchange.start();
	}

	@Override
	public boolean isRequestEnded() {
		return this.requestEnded;
	}

	@Override
	public boolean isWritable() {
		return this.ctx.channel().isWritable();
	}

	@Override
	public void flush() {
		this.ctx.flush();
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void proceed() {
		Http2Head head = new Http2Head();
		head.headers().status("100");
		this.ctx.writeAndFlush(new DefaultHttp2HeadersFrame(head.headers()));
	}

	@Override
	public Answer answer(Forwarding forwarding, HttpResponse response) {
		return new Http2Answer(this, forwarding, response);
	}

	/** HTTP/2 has no {@code Upgrade}; clients open WebSockets by HTTP/1.1. */
	@Override
	public Answer upgrade(Forwarding forwarding, HttpResponse response) {
		throw new UnsupportedOperationException("no switch of protocols by HTTP/2");
	}

	@Override
	public void switchTo(Relay relay) {
		throw new UnsupportedOperationException("no switch of protocols by HTTP/2");
	}

	@Override
	public void refuse(Problem problem, boolean close) {
		this.connection.edge().meters().refused(problem.code());
		byte[] body = Refusal.body(problem, this.target, this.requestId);
		Http2Head head = new Http2Head();
		head.headers().status(Integer.toString(problem.status()));
		Refusal.fixed(head);
		Refusal.own(head, problem, this.target, this.requestId);
		answerAtOnce(head, body);
	}

	@Override
	public void approve(Decisions.Approval approval, boolean close) {
		Http2Head head = new Http2Head();
		head.headers().status("200");
		head.header("Cache-Control", "no-store");
		approval.fields(head, this.requestId);
		answerAtOnce(head, new byte[0]);
	}

	/**
	 * Answers in full.
	 * @param head with the status, without the length
	 * @param body left out if the request was a HEAD
	 */
	void answerAtOnce(Http2Head head, byte[] body) {
		head.header("Content-Length", Integer.toString(body.length));
		boolean bodiless = this.headRequest || body.length == 0;
		write(new DefaultHttp2HeadersFrame(head.headers(), bodiless));
		if (!bodiless) {
			write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
		}
		answerEnded();
	}

	/**
	 * Cuts the answer off. A client that reads nothing at all does not even take the
	 * reset; its stream closes all the same when its time is up.
	 */
	@SuppressWarnings("FutureReturnValueIgnored")
	void reset(Http2Error error) {
		this.answered = true;
		this.requestDeadline = NEVER;
		this.deadline = ticker().after(settings().writeTimeout());
		this.current = Answered.INSTANCE;
		this.ctx.writeAndFlush(new DefaultHttp2ResetFrame(error)).addListener((written) -> this.ctx.close());
	}

	/**
	 * The client has to take the answer in time. What is left of its request is read and
	 * dropped for a moment, since some clients look at no answer before they have sent
	 * all; then it is told to stop (RFC 9113 §8.1).
	 */
	@Override
	public void answerEnded() {
		this.answered = true;
		this.current = Answered.INSTANCE;
		this.requestDeadline = this.requestEnded ? NEVER : ticker().after(LINGER);
		this.deadline = ticker().after(settings().writeTimeout());
		this.ctx.flush();
		readIfWanted();
	}

	private boolean isWritten() {
		ChannelFuture last = this.written;
		return last != null && last.isDone();
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		if (ctx.channel().isWritable()) {
			this.current.clientWritable();
		}
		ctx.fireChannelWritabilityChanged();
	}

	boolean isExpired(long now) {
		if (this.current.isExpired(now)) {
			return true;
		}
		boolean body = now > this.deadline || now > this.requestDeadline;
		return body && (this.answered || !this.current.isStream());
	}

	void expired() {
		if (this.answered && isWritten()) {
			reset(Http2Error.NO_ERROR);
		}
		else if (this.answered && ticker().now() > this.deadline) {
			reset(Http2Error.CANCEL);
		}
		else if (this.answered) {
			this.requestDeadline = this.deadline;
		}
		else if (this.current.isExpired(ticker().now())) {
			this.current.expired();
		}
		else if (ticker().now() <= this.requestDeadline && !this.current.wantsMore()) {
			awaitBody();
		}
		else {
			this.current.requestBroken(TIMEOUT);
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof Http2ResetFrame) {
			gone();
		}
		else {
			ctx.fireUserEventTriggered(event);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		gone();
		this.connection.closed(this);
		ctx.fireChannelInactive();
	}

	/**
	 * Nothing can be answered any more. What came of the request and was not taken yet is
	 * read and dropped, behind which the stream closes by itself.
	 */
	void gone() {
		if (!this.gone) {
			this.gone = true;
			Exchange exchange = this.current;
			this.current = Answered.INSTANCE;
			this.answered = true;
			exchange.clientGone();
			this.ctx.read();
		}
	}

	/** A stream that broke the protocol is reset by the codec. */
	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		gone();
		if (!(cause instanceof Http2Exception)) {
			reset(Http2Error.INTERNAL_ERROR);
		}
	}

}
