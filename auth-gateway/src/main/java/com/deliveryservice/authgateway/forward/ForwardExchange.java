package com.deliveryservice.authgateway.forward;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeoutException;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.route.Route;
import com.deliveryservice.authgateway.upstream.Acquisition;
import com.deliveryservice.authgateway.upstream.UpstreamCall;
import com.deliveryservice.authgateway.upstream.UpstreamConnection;
import com.deliveryservice.authgateway.upstream.UpstreamFailure;
import com.deliveryservice.authgateway.upstream.UpstreamListener;
import com.deliveryservice.authgateway.upstream.UpstreamPool;
import com.deliveryservice.authgateway.upstream.UpstreamStream;

/**
 * Forwards one request and streams its answer back. Everything happens on the client's
 * event loop. Each side is read only while the other takes; what ends improperly on one
 * side is cut off, never ended, on the other.
 */
final class ForwardExchange implements Exchange, UpstreamListener {

	private static final Problem TOO_LARGE = Problem.of(ProblemCode.TOO_LARGE);

	private final Client client;

	private final Edge edge;

	private final Forwarding forwarding;

	private final Route.Options options;

	private final UpstreamPool pool;

	private final ExchangeAccount account;

	private final Lease lease;

	private final @Nullable String assertion;

	private final boolean chunked;

	private final boolean upgrade;

	private final boolean grpc;

	private @Nullable Deque<HttpContent> early;

	private @Nullable Acquisition acquisition;

	private @Nullable UpstreamCall upstream;

	private @Nullable Answer answer;

	private @Nullable WebSocketTunnel tunnel;

	private boolean sessionOver;

	private boolean streamOver;

	private boolean reused;

	private boolean extended;

	private boolean requestEnded;

	private long bodyLength;

	private long deadline;

	ForwardExchange(Client client, Edge edge, Forwarding forwarding) {
		this.client = client;
		this.edge = edge;
		this.forwarding = forwarding;
		this.options = forwarding.route().options();
		this.pool = edge.lane().upstreams().of(forwarding.route());
		this.account = new ExchangeAccount(edge.meters(), this.pool, forwarding.route());
		Caller caller = forwarding.caller();
		// before anything is taken that would have to be given back if this fails
		this.assertion = (caller != null) ? edge.lane().assertions().assertionOf(caller, this.options.audience())
				: null;
		this.lease = new Lease(edge.lane(), forwarding.caller(), client.ticker().now());
		this.chunked = forwarding.request().headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
		this.grpc = forwarding.route().upstream().http2() && Answer.isGrpc(forwarding.request().headers());
		this.upgrade = WebSocketHandshake.isWanted(forwarding.request(), forwarding.route());
	}

	/** Counts from here on until {@link #finish}. */
	void start() {
		this.account.open();
		String length = this.forwarding.request().headers().get(HttpHeaderNames.CONTENT_LENGTH);
		if (length != null && Long.parseLong(length) > this.options.maxBody()) {
			refuse(TOO_LARGE, true);
			return;
		}
		Problem open = this.account.admit();
		if (open != null) {
			refuse(open, !this.client.isRequestEnded());
			return;
		}
		UpstreamCall idle = this.pool.takeIdle(this.client.channel().eventLoop());
		this.reused = idle != null;
		if (idle != null) {
			connected(idle);
		}
		else {
			connect();
		}
	}

	private void connect() {
		this.extended = false;
		this.deadline = this.client.ticker().after(this.pool.maxWait());
		Acquisition wish = this.pool.acquire(this.client.channel(), this.options.timeouts().connect(), this);
		this.acquisition = (this.upstream == null && !isDone()) ? wish : null;
	}

	private boolean isDone() {
		return this.account.isClosed();
	}

	@Override
	public void connected(UpstreamCall call) {
		this.acquisition = null;
		this.upstream = call;
		call.begin(this, this.forwarding.request().method().equals(HttpMethod.HEAD), this.chunked);
		writeHead(call);
		awaitAnswer(call);
		Deque<HttpContent> waiting = this.early;
		this.early = null;
		if (waiting != null) {
			waiting.forEach((content) -> send(call, content));
		}
		else if (this.requestEnded) {
			call.end(EmptyHttpHeaders.INSTANCE);
		}
		if (!this.reused) {
			call.flush();
			this.client.readIfWanted();
		}
	}

	private void writeHead(UpstreamCall call) {
		if (call instanceof UpstreamConnection connection) {
			RequestHead.write(connection.output().gather(), this.forwarding, this.assertion, this.upgrade);
		}
		else if (call instanceof UpstreamStream stream) {
			stream.head(Http2RequestHead.of(this.forwarding, this.assertion),
					!Reception.hasBody(this.forwarding.request()));
		}
	}

	@Override
	public void content(HttpContent content) {
		this.bodyLength += content.content().readableBytes();
		if (isDone()) {
			content.release();
			return;
		}
		if (this.bodyLength > this.options.maxBody()) {
			content.release();
			requestBroken(TOO_LARGE);
			return;
		}
		this.requestEnded = content instanceof LastHttpContent;
		UpstreamCall call = this.upstream;
		if (call != null) {
			send(call, content);
			touchStream();
		}
		else {
			this.early = (this.early != null) ? this.early : new ArrayDeque<>(2);
			this.early.add(content);
		}
	}

	private void send(UpstreamCall call, HttpContent content) {
		call.write(content.content());
		if (content instanceof LastHttpContent last) {
			call.end(Trailers.ofRequest(last.trailingHeaders()));
		}
		awaitAnswer(call);
	}

	/**
	 * The backend's time begins with the request's end, or when it takes no more; before
	 * that the client's counts.
	 */
	private void awaitAnswer(UpstreamCall call) {
		if (this.answer == null) {
			boolean backendsTurn = this.client.isRequestEnded() || this.requestEnded || !call.isWritable();
			this.deadline = backendsTurn ? this.client.ticker().after(this.options.timeouts().firstByte())
					: this.grpc ? this.client.ticker().after(this.client.settings().streamIdle()) : Long.MAX_VALUE;
		}
	}

	@Override
	public void readCompleted() {
		UpstreamCall call = this.upstream;
		if (call != null) {
			call.flush();
		}
	}

	@Override
	public boolean wantsMore() {
		UpstreamCall call = this.upstream;
		return isDone() || (call != null && call.isWritable());
	}

	@Override
	public boolean isStream() {
		Answer begun = this.answer;
		return (begun != null) ? begun.isStream() : this.grpc;
	}

	@Override
	public void writable() {
		UpstreamCall call = this.upstream;
		if (call != null) {
			awaitAnswer(call);
		}
		this.client.readIfWanted();
	}

	@Override
	public void responded(HttpResponse response) {
		int status = response.status().code();
		if (status >= 200) {
			this.account.settle(true);
			Answer begun = this.client.answer(this.forwarding, response);
			this.answer = begun;
			if (begun.isStream()) {
				becomeStream();
			}
		}
		else if (status == 101 && this.upgrade && WebSocketHandshake.isAccepted(this.forwarding.request(), response)) {
			switchProtocols(response);
		}
		else if (status == 101) {
			abort();
			failed(UpstreamFailure.MISFRAMED, new IllegalStateException("a switch of protocols that nobody asked for"));
		}
		else if (status == 100 && this.forwarding.request().headers().contains(HttpHeaderNames.EXPECT)) {
			this.client.proceed();
		}
	}

	private void becomeStream() {
		this.account.becomeStream();
		UpstreamCall call = this.upstream;
		if (call != null) {
			call.becomeStream();
		}
	}

	/** From here on frames are relayed as they are, until either side ends. */
	private void switchProtocols(HttpResponse response) {
		if (!(this.upstream instanceof UpstreamConnection connection)) {
			return;
		}
		this.account.settle(true);
		this.answer = this.client.upgrade(this.forwarding, response);
		becomeStream();
		WebSocketTunnel opened = new WebSocketTunnel(response, this.edge.settings().websocketMaxFrame().toBytes(),
				this::touch);
		this.tunnel = opened;
		this.client.flush();
		touch();
		this.client.switchTo(opened.client());
		connection.switchTo(opened.backend());
	}

	private void touchStream() {
		Answer begun = this.answer;
		if (begun != null && begun.isStream()) {
			touch();
		}
	}

	private void touch() {
		Answer begun = this.answer;
		if (begun != null) {
			this.deadline = this.client.ticker().after(begun.idle());
		}
	}

	@Override
	public void received(ByteBuf content) {
		Answer begun = this.answer;
		if (begun == null) {
			content.release();
		}
		else {
			begun.write(content);
		}
	}

	@Override
	public void drained() {
		Answer begun = this.answer;
		if (begun != null) {
			begun.beforeFlush();
		}
		this.client.flush();
		UpstreamCall call = this.upstream;
		if (call == null) {
			return;
		}
		boolean writable = this.client.isWritable();
		if (begun != null) {
			this.deadline = this.client.ticker().after(writable ? begun.idle() : this.edge.settings().writeTimeout());
		}
		if (writable) {
			call.read();
		}
	}

	@Override
	public void clientWritable() {
		if (this.answer != null) {
			drained();
		}
	}

	@Override
	public void ended(HttpHeaders trailers) {
		this.upstream = null;
		Answer begun = this.answer;
		if (begun != null) {
			begun.end(Trailers.ofAnswer(trailers));
			finish(begun.outcome());
			this.client.answerEnded();
		}
	}

	@Override
	public void failed(UpstreamFailure failure, Throwable cause) {
		this.upstream = null;
		this.acquisition = null;
		if (isDone()) {
			return;
		}
		Answer begun = this.answer;
		if (begun != null) {
			Failures.logCut(this.forwarding, failure, cause);
			finish(ForwardMeters.TRUNCATED);
			begun.cut();
		}
		else if (isWorthRetrying(failure) && isRepeatable() && this.account.mayRetry()) {
			this.reused = false;
			connect();
		}
		else {
			if (failure != UpstreamFailure.NO_CAPACITY) {
				this.account.settle(false);
			}
			Failures.log(this.forwarding, failure, cause);
			refuse(Failures.problem(failure), !this.client.isRequestEnded());
		}
	}

	/** Once: when a connection broke before any answer, or none could be had. */
	private boolean isWorthRetrying(UpstreamFailure failure) {
		return failure == UpstreamFailure.BROKEN || failure == UpstreamFailure.UNREACHABLE
				|| (failure == UpstreamFailure.CONNECT_TIMEOUT && !this.pool.upstream().others().isEmpty());
	}

	/**
	 * A pooled connection may have been closed by the backend just now: what has no body
	 * and changes nothing is sent once more, on a new one (RFC 9110 §9.2.2).
	 */
	private boolean isRepeatable() {
		HttpRequest request = this.forwarding.request();
		boolean safe = request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)
				|| request.method().equals(HttpMethod.OPTIONS);
		return safe && this.requestEnded && this.bodyLength == 0 && !this.chunked;
	}

	@Override
	public void requestBroken(Problem problem) {
		abort();
		Answer begun = this.answer;
		if (begun != null) {
			finish(ForwardMeters.TRUNCATED);
			begun.cut();
		}
		else {
			refuse(problem, true);
		}
	}

	@Override
	public void clientGone() {
		abort();
		finish(ForwardMeters.CANCELLED);
	}

	@Override
	public boolean isExpired(long now) {
		Answer begun = this.answer;
		WebSocketTunnel open = this.tunnel;
		if (open != null && !isDone()) {
			open.pingIfQuiet(now, this.edge.settings().pingEvery().toNanos());
		}
		if (begun == null && this.grpc && !isDone()) {
			this.sessionOver = this.lease.isOver(now, true);
			return this.sessionOver || now > this.deadline;
		}
		if (begun == null || isDone()) {
			return now > this.deadline;
		}
		this.sessionOver = this.lease.isOver(now, begun.isStream());
		this.streamOver = begun.isStream()
				&& (this.sessionOver || this.edge.isStreamOver(now, this.account.startedAt()));
		return this.sessionOver || this.streamOver || now > this.deadline;
	}

	@Override
	public void expired() {
		Answer begun = this.answer;
		WebSocketTunnel open = this.tunnel;
		if (open != null && begun != null) {
			this.deadline = Long.MAX_VALUE;
			finish(begun.outcome());
			open.end(this.sessionOver ? WebSocketTunnel.POLICY : WebSocketTunnel.GOING_AWAY,
					WebSocketTunnel.GOING_AWAY);
			return;
		}
		if (this.streamOver && begun != null) {
			endStream(begun);
			return;
		}
		if (this.sessionOver && begun == null) {
			abort();
			refuse(Gatekeeper.INVALID_TOKEN, true);
			return;
		}
		Acquisition wish = this.acquisition;
		if (wish != null && wish.isConnecting() && !this.extended) {
			// the connect timeout itself ends this, unless its name is not even resolved
			// by then
			this.extended = true;
			this.deadline = this.client.ticker().after(this.options.timeouts().connect().multipliedBy(2));
			return;
		}
		tooLate(wish);
	}

	private void tooLate(@Nullable Acquisition wish) {
		UpstreamCall silent = this.upstream;
		if (silent != null && !this.sessionOver) {
			silent.tooLate();
		}
		abort();
		failed((wish == null) ? UpstreamFailure.TIMEOUT
				: wish.isConnecting() ? UpstreamFailure.CONNECT_TIMEOUT : UpstreamFailure.NO_CAPACITY,
				new TimeoutException("nothing came in time"));
	}

	private void endStream(Answer begun) {
		abort();
		begun.stop(this.sessionOver);
		finish(begun.outcome());
		this.client.answerEnded();
	}

	private void abort() {
		Acquisition wish = this.acquisition;
		UpstreamCall call = this.upstream;
		this.acquisition = null;
		this.upstream = null;
		if (wish != null) {
			wish.cancel();
		}
		if (call != null) {
			call.abort();
		}
	}

	private void refuse(Problem problem, boolean close) {
		finish(ForwardMeters.REFUSED);
		this.client.refuse(problem, close);
	}

	private void finish(int outcome) {
		if (!this.account.close(outcome)) {
			return;
		}
		Deque<HttpContent> waiting = this.early;
		this.early = null;
		if (waiting != null) {
			waiting.forEach(HttpContent::release);
		}
	}

}
