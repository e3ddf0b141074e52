package com.deliveryservice.authgateway.forward;

import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.identity.RequestIds;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.upstream.Output;
import com.deliveryservice.authgateway.upstream.Ticker;
import com.deliveryservice.authgateway.upstream.Timed;

/**
 * One client's connection, between the HTTP codec and Reactor Netty. Exchanges follow one
 * another: a pipelined request waits, undispatched, until the answer before it is
 * written, and meanwhile no more is read. Requests of the forward lane end here; those of
 * the API lane go on up the pipeline.
 */
@SuppressWarnings("NullAway.Init")
final class ClientConnection extends ChannelDuplexHandler implements Client, Timed {

	private static final Duration LINGER = Duration.ofSeconds(2);

	private static final long NEVER = Long.MAX_VALUE;

	private static final Problem TIMEOUT = Problem.of(ProblemCode.REQUEST_TIMEOUT);

	private static final Problem MALFORMED = Problem.of(ProblemCode.INVALID_REQUEST)
		.withDetail("The body is not proper HTTP/1.1.");

	private final Edge edge;

	private final EdgeCodec codec;

	private final Deque<Object> queued = new ArrayDeque<>();

	private ChannelHandlerContext ctx;

	private Output output;

	private Ticker ticker;

	private Reception reception;

	private @Nullable Exchange current;

	private boolean dispatching;

	private boolean requestEnded = true;

	private boolean bodyExpected;

	private boolean answered;

	private boolean closing;

	private boolean closeAfter;

	private boolean insideHead = true;

	private int served;

	private long deadline;

	private long requestDeadline = NEVER;

	private String requestId = "";

	private String target = "";

	private boolean headRequest;

	ClientConnection(Edge edge, EdgeCodec codec) {
		this.edge = edge;
		this.codec = codec;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.ctx = ctx;
		this.output = new Output(ctx.pipeline().context(this.codec));
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) throws Exception {
		this.ticker = Ticker.of(ctx.channel().eventLoop());
		this.reception = new Reception(this.edge, ctx.channel());
		this.ticker.add(this);
		this.deadline = this.ticker.after(this.edge.settings().headerTimeout());
		super.channelActive(ctx);
		ctx.read();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (this.closing) {
			ReferenceCountUtil.release(msg);
		}
		else if (this.queued.isEmpty() && (this.current == null || !this.requestEnded)) {
			dispatch(msg);
		}
		else {
			this.queued.add(msg);
		}
	}

	private void dispatch(Object msg) {
		if (msg instanceof HttpRequest request) {
			begin(request);
		}
		else if (msg instanceof HttpContent content) {
			body(content);
		}
		else {
			ReferenceCountUtil.release(msg);
		}
	}

	private void begin(HttpRequest request) {
		this.requestEnded = false;
		this.bodyExpected = Reception.hasBody(request);
		this.answered = false;
		this.insideHead = false;
		this.served++;
		this.headRequest = request.method().equals(HttpMethod.HEAD);
		this.target = request.uri();
		this.requestId = this.reception.requestId(request.headers());
		this.deadline = this.ticker.after(this.edge.settings().bodyTimeout());
		this.requestDeadline = this.ticker.after(this.edge.settings().requestTimeout());
		this.closeAfter = this.served >= this.edge.settings().maxRequests() || this.edge.isDraining()
				|| !Reception.isPersistent(request);
		this.reception.receive(this, request, this.requestId);
	}

	@Override
	public void run(Exchange exchange) {
		this.current = exchange;
	}

	@Override
	public void passOn(HttpRequest request) {
		this.codec.answerTo(this.headRequest);
		this.current = new ApiExchange(this, this.ctx);
		this.ctx.fireChannelRead(request);
	}

	private void body(HttpContent content) {
		Exchange exchange = this.current;
		if (content.decoderResult().isFailure() || Reception.hasLongTrailers(content)) {
			content.release();
			broken(MALFORMED);
			return;
		}
		boolean last = content instanceof LastHttpContent;
		this.requestEnded = last;
		this.deadline = last ? NEVER : this.ticker.after(this.edge.settings().bodyTimeout());
		this.requestDeadline = last ? NEVER : this.requestDeadline;
		if (exchange == null) {
			content.release();
		}
		else {
			exchange.content(content);
			finishIfDone();
		}
	}

	private void broken(Problem problem) {
		Exchange exchange = this.current;
		if (exchange == null || this.answered) {
			close();
		}
		else {
			exchange.requestBroken(problem);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		Exchange exchange = this.current;
		if (exchange != null) {
			exchange.readCompleted();
		}
		else if (!this.insideHead && !this.closing && this.codec.isInsideHead()) {
			this.insideHead = true;
			this.deadline = this.ticker.after(this.edge.settings().headerTimeout());
		}
		readIfWanted();
	}

	/**
	 * Asks for more where more is wanted; and while an answer is awaited, to notice that
	 * the client leaves.
	 */
	@Override
	public void readIfWanted() {
		Exchange exchange = this.current;
		if (exchange == null || (this.requestEnded ? this.queued.isEmpty() : exchange.wantsMore())) {
			this.ctx.read();
		}
	}

	/** Reactor Netty's reads count while it has a request's body to read. */
	@Override
	public void read(ChannelHandlerContext ctx) {
		if (this.current instanceof ApiExchange && !this.requestEnded) {
			ctx.read();
		}
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (!(this.current instanceof ApiExchange exchange) || this.answered) {
			ReferenceCountUtil.release(msg);
			promise.tryFailure(new ClosedChannelException());
			return;
		}
		boolean last = exchange.written(msg);
		ctx.write(msg, promise);
		if (last) {
			this.answered = true;
			ctx.executor().execute(() -> apiAnswerEnded(exchange));
		}
	}

	/**
	 * Reactor Netty closes behind an answer that says so, and would reset the connection
	 * under it while the client still sends: it is closed by us, a moment later.
	 */
	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		boolean behindAnswer = this.answered && (this.closing || this.current instanceof ApiExchange);
		if (behindAnswer && ctx.channel().isActive()) {
			ctx.channel().closeFuture().addListener((closed) -> promise.trySuccess());
		}
		else {
			ctx.close(promise);
		}
	}

	/** The request's end may have come first, and ended the exchange. */
	private void apiAnswerEnded(ApiExchange exchange) {
		if (this.current == exchange) {
			answerEnded();
		}
	}

	@Override
	public Channel channel() {
		return this.ctx.channel();
	}

	@Override
	public EdgeSettings settings() {
		return this.edge.settings();
	}

	@Override
	public Ticker ticker() {
		return this.ticker;
	}

	@Override
	public boolean isWritable() {
		return this.ctx.channel().isWritable();
	}

	@Override
	public void flush() {
		this.output.flush();
	}

	@Override
	public void proceed() {
		Http1Answer.proceed(this);
	}

	@Override
	public Answer answer(Forwarding forwarding, HttpResponse response) {
		return Http1Answer.begin(this, forwarding, response);
	}

	@Override
	public Answer upgrade(Forwarding forwarding, HttpResponse response) {
		return Http1Answer.beginUpgrade(this, forwarding, response);
	}

	Output output() {
		return this.output;
	}

	@Override
	public boolean isRequestEnded() {
		return this.requestEnded || !this.bodyExpected;
	}

	/**
	 * Whether the answer has to say {@code Connection: close}: by wish of either side, or
	 * because part of the request is still under way.
	 * @param wish whether the answer itself demands it
	 */
	boolean closesAfterAnswer(boolean wish) {
		this.closeAfter |= wish || !isRequestEnded() || this.edge.isDraining();
		return this.closeAfter;
	}

	@Override
	public void answerEnded() {
		this.answered = true;
		if (isRequestEnded()) {
			finishIfDone();
		}
		else {
			this.current = Answered.INSTANCE;
			linger();
		}
	}

	private void finishIfDone() {
		if (!this.requestEnded || !this.answered || this.closing || this.current == null) {
			return;
		}
		this.current = null;
		if (this.closeAfter) {
			linger();
			return;
		}
		this.deadline = this.ticker.after(this.edge.settings().keepAlive());
		next();
	}

	private void next() {
		if (this.dispatching) {
			return;
		}
		this.dispatching = true;
		Object msg;
		while (!this.closing && (this.current == null || !this.requestEnded) && (msg = this.queued.poll()) != null) {
			dispatch(msg);
		}
		this.dispatching = false;
		Exchange exchange = this.current;
		if (exchange != null) {
			exchange.readCompleted();
		}
		readIfWanted();
	}

	@Override
	public void refuse(Problem problem, boolean close) {
		this.closeAfter |= close;
		this.edge.meters().refused(problem.code());
		Refusal.write(this.output.gather(), problem, this.target, this.requestId, this.closeAfter, this.headRequest);
		answered(close);
	}

	@Override
	public void approve(Decisions.Approval approval, boolean close) {
		this.closeAfter |= close;
		approval.write(this.output.gather(), this.requestId, this.closeAfter);
		answered(close);
	}

	private void answered(boolean close) {
		this.current = Answered.INSTANCE;
		this.answered = true;
		this.output.flush();
		if (close) {
			linger();
		}
		else {
			finishIfDone();
		}
	}

	/**
	 * After a switch of protocols: from here on the bytes, also those that came already,
	 * go to the relay. Deadlines stay with the exchange.
	 */
	@Override
	public void switchTo(Relay relay) {
		this.deadline = NEVER;
		this.ctx.pipeline().addBefore(this.ctx.name(), null, relay);
		this.ctx.pipeline().remove(this.codec);
		this.ctx.read();
	}

	/** Cuts the answer off: the client sees that its end is missing. */
	void truncate() {
		this.output.flush();
		close();
	}

	/**
	 * For an answer whose end is the connection's: only a reset tells that it is cut, and
	 * in TLS that no notice of an end came before it.
	 */
	void reset() {
		this.output.flush();
		this.closing = true;
		this.ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
		this.ctx.channel().unsafe().close(this.ctx.channel().newPromise());
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	void close() {
		this.closing = true;
		this.ctx.close();
	}

	/**
	 * Closes when everything is written. What the client still sends is read and dropped
	 * for a moment, since closing on it would reset the connection under the answer.
	 */
	@SuppressWarnings("FutureReturnValueIgnored")
	private void linger() {
		this.closing = true;
		this.deadline = this.ticker.after(LINGER);
		this.requestDeadline = NEVER;
		dropQueued();
		this.ctx.pipeline()
			.context(this.codec)
			.writeAndFlush(Unpooled.EMPTY_BUFFER)
			.addListener((ChannelFutureListener) (written) -> {
				if (written.isSuccess() && HalfClose.of(written.channel())) {
					this.ctx.read();
				}
				else {
					written.channel().close();
				}
			});
	}

	private void dropQueued() {
		Object msg;
		while ((msg = this.queued.poll()) != null) {
			ReferenceCountUtil.release(msg);
		}
	}

	@Override
	public boolean isExpired(long now) {
		Exchange exchange = this.current;
		return now > this.deadline || now > this.requestDeadline || (exchange != null && exchange.isExpired(now));
	}

	@Override
	public void expired() {
		Exchange exchange = this.current;
		boolean slow = this.ticker.now() > this.requestDeadline;
		if (this.closing || (exchange == null && !this.insideHead) || this.answered) {
			close();
		}
		else if (exchange == null) {
			if (this.served == 0 && !this.codec.isInsideHead()) {
				close();
			}
			else {
				this.requestId = RequestIds.next();
				this.target = "";
				refuse(TIMEOUT, true);
			}
		}
		else if (exchange.isExpired(this.ticker.now())) {
			exchange.expired();
		}
		else if (!slow && !exchange.wantsMore() && !(exchange instanceof ApiExchange)) {
			this.deadline = this.ticker.after(this.edge.settings().bodyTimeout());
		}
		else {
			exchange.requestBroken(TIMEOUT);
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		Exchange exchange = this.current;
		if (exchange != null && ctx.channel().isWritable()) {
			exchange.clientWritable();
		}
		ctx.fireChannelWritabilityChanged();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.closing = true;
		this.ticker.remove(this);
		Exchange exchange = this.current;
		this.current = null;
		if (exchange != null) {
			exchange.clientGone();
		}
		this.output.discard();
		dropQueued();
		ctx.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		close();
	}

}
