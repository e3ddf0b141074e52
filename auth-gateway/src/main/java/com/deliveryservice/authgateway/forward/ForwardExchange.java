package com.deliveryservice.authgateway.forward;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeoutException;

import io.micrometer.core.instrument.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
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
import com.deliveryservice.authgateway.upstream.Breaker.Admission;
import com.deliveryservice.authgateway.upstream.UpstreamConnection;
import com.deliveryservice.authgateway.upstream.UpstreamFailure;
import com.deliveryservice.authgateway.upstream.UpstreamListener;
import com.deliveryservice.authgateway.upstream.UpstreamPool;

/**
 * Forwards one request and streams its answer back. Everything happens on the client's
 * event loop. Each side is read only while the other takes; what ends improperly on one
 * side is cut off, never ended, on the other.
 */
final class ForwardExchange implements Exchange, UpstreamListener {

	private static final Problem TOO_LARGE = Problem.of(ProblemCode.TOO_LARGE);

	private final ClientConnection client;

	private final Edge edge;

	private final Forwarding forwarding;

	private final Route.Options options;

	private final UpstreamPool pool;

	private final Timer[] timers;

	private final long startedAt = System.nanoTime();

	private final Lease lease;

	private final @Nullable String assertion;

	private final boolean chunked;

	private final boolean upgrade;

	private @Nullable Deque<HttpContent> early;

	private @Nullable Acquisition acquisition;

	private @Nullable UpstreamConnection upstream;

	private @Nullable Answer answer;

	private @Nullable WebSocketTunnel tunnel;

	private boolean sessionOver;

	private boolean streamOver;

	private boolean streaming;

	private @Nullable Admission admission;

	private boolean retried;

	private boolean reused;

	private boolean requestEnded;

	private boolean done;

	private boolean counted;

	private long bodyLength;

	private long deadline;

	ForwardExchange(ClientConnection client, Edge edge, Forwarding forwarding) {
		this.client = client;
		this.edge = edge;
		this.forwarding = forwarding;
		this.options = forwarding.route().options();
		this.pool = edge.lane().upstreams().of(forwarding.route());
		this.timers = edge.meters().of(forwarding.route());
		Caller caller = forwarding.caller();
		// before anything is taken that would have to be given back if this fails
		this.assertion = (caller != null) ? edge.lane().assertions().assertionOf(caller, this.options.audience())
				: null;
		this.lease = new Lease(edge.lane(), forwarding.caller(), client.ticker().now());
		this.chunked = forwarding.request().headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
		this.upgrade = WebSocketHandshake.isWanted(forwarding.request(), forwarding.route());
	}

	/** Counts from here on until {@link #finish}. */
	void start() {
		this.counted = true;
		this.edge.meters().inFlight().incrementAndGet();
		String length = this.forwarding.request().headers().get(HttpHeaderNames.CONTENT_LENGTH);
		if (length != null && Long.parseLong(length) > this.options.maxBody()) {
			refuse(TOO_LARGE, true);
			return;
		}
		this.admission = this.pool.breaker().admit(System.nanoTime());
		if (this.admission == Admission.REFUSED) {
			refuse(Failures.breakerOpen(this.pool.breaker().remaining(System.nanoTime())),
					!this.client.isRequestEnded());
			return;
		}
		UpstreamConnection idle = this.pool.takeIdle(this.client.channel().eventLoop());
		this.reused = idle != null;
		if (idle != null) {
			connected(idle);
		}
		else {
			connect();
		}
	}

	private void connect() {
		this.deadline = this.client.ticker().after(this.pool.maxWait());
		Acquisition wish = this.pool.acquire(this.client.channel(), this.options.timeouts().connect(), this);
		this.acquisition = (this.upstream == null && !this.done) ? wish : null;
	}

	@Override
	public void connected(UpstreamConnection connection) {
		this.acquisition = null;
		this.upstream = connection;
		connection.begin(this, this.forwarding.request().method().equals(HttpMethod.HEAD));
		RequestHead.write(connection.output().gather(), this.forwarding, this.assertion, this.upgrade);
		awaitAnswer(connection);
		Deque<HttpContent> waiting = this.early;
		this.early = null;
		if (waiting != null) {
			waiting.forEach((content) -> send(connection, content));
		}
		else if (this.requestEnded) {
			connection.requestEnded();
		}
		if (!this.reused) {
			connection.output().flush();
			this.client.readIfWanted();
		}
	}

	@Override
	public void content(HttpContent content) {
		this.bodyLength += content.content().readableBytes();
		if (this.done) {
			content.release();
			return;
		}
		if (this.bodyLength > this.options.maxBody()) {
			content.release();
			requestBroken(TOO_LARGE);
			return;
		}
		this.requestEnded = content instanceof LastHttpContent;
		UpstreamConnection connection = this.upstream;
		if (connection != null) {
			send(connection, content);
		}
		else {
			this.early = (this.early != null) ? this.early : new ArrayDeque<>(2);
			this.early.add(content);
		}
	}

	private void send(UpstreamConnection connection, HttpContent content) {
		ByteBuf bytes = content.content();
		if (!bytes.isReadable()) {
			content.release();
		}
		else if (this.chunked) {
			Chunks.write(connection.output(), bytes);
		}
		else {
			connection.output().write(bytes);
		}
		if (content instanceof LastHttpContent) {
			if (this.chunked) {
				Chunks.end(connection.output());
			}
			connection.requestEnded();
		}
		awaitAnswer(connection);
	}

	/**
	 * The backend's time begins with the request's end, or when it takes no more; before
	 * that the client's counts.
	 */
	private void awaitAnswer(UpstreamConnection connection) {
		if (this.answer == null) {
			boolean backendsTurn = this.client.isRequestEnded() || this.requestEnded || !connection.isWritable();
			this.deadline = backendsTurn ? this.client.ticker().after(this.options.timeouts().firstByte())
					: Long.MAX_VALUE;
		}
	}

	@Override
	public void readCompleted() {
		UpstreamConnection connection = this.upstream;
		if (connection != null) {
			connection.output().flush();
		}
	}

	@Override
	public boolean wantsMore() {
		UpstreamConnection connection = this.upstream;
		return this.done || (connection != null && connection.isWritable());
	}

	@Override
	public void writable() {
		UpstreamConnection connection = this.upstream;
		if (connection != null) {
			awaitAnswer(connection);
		}
		this.client.readIfWanted();
	}

	@Override
	public void responded(HttpResponse response) {
		int status = response.status().code();
		if (status >= 200) {
			settle(true);
			Answer begun = Answer.begin(this.client, this.forwarding, response);
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
			Answer.proceed(this.client.output());
		}
	}

	/** From here on frames are relayed as they are, until either side ends. */
	private void switchProtocols(HttpResponse response) {
		UpstreamConnection connection = this.upstream;
		if (connection == null) {
			return;
		}
		settle(true);
		this.answer = Answer.beginUpgrade(this.client, this.forwarding, response);
		becomeStream();
		WebSocketTunnel opened = new WebSocketTunnel(response, this.edge.settings().websocketMaxFrame().toBytes(),
				this::touch);
		this.tunnel = opened;
		this.client.output().flush();
		touch();
		this.client.switchTo(opened.client());
		connection.switchTo(opened.backend());
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
		this.client.output().flush();
		UpstreamConnection connection = this.upstream;
		if (connection == null) {
			return;
		}
		Answer begun = this.answer;
		boolean writable = this.client.channel().isWritable();
		if (begun != null) {
			this.deadline = this.client.ticker().after(writable ? begun.idle() : this.edge.settings().writeTimeout());
		}
		if (writable) {
			connection.read();
		}
	}

	@Override
	public void clientWritable() {
		if (this.answer != null) {
			drained();
		}
	}

	@Override
	public void ended() {
		this.upstream = null;
		Answer begun = this.answer;
		if (begun != null) {
			begun.end();
			finish(begun.outcome());
			this.client.answerEnded();
		}
	}

	@Override
	public void failed(UpstreamFailure failure, Throwable cause) {
		this.upstream = null;
		this.acquisition = null;
		if (this.done) {
			return;
		}
		Answer begun = this.answer;
		if (begun != null) {
			Failures.logCut(this.forwarding, failure, cause);
			finish(ForwardMeters.TRUNCATED);
			begun.cut();
		}
		else if (isWorthRetrying(failure) && isRepeatable() && this.pool.mayRetry()) {
			this.edge.meters().retried();
			this.retried = true;
			this.reused = false;
			connect();
		}
		else {
			if (failure != UpstreamFailure.NO_CAPACITY) {
				settle(false);
			}
			Failures.log(this.forwarding, failure, cause);
			refuse(Failures.problem(failure), !this.client.isRequestEnded());
		}
	}

	/** Once: when a connection broke before any answer, or none could be had. */
	private boolean isWorthRetrying(UpstreamFailure failure) {
		return !this.retried && (failure == UpstreamFailure.BROKEN || failure == UpstreamFailure.UNREACHABLE
				|| (failure == UpstreamFailure.CONNECT_TIMEOUT && !this.pool.upstream().others().isEmpty()));
	}

	/** Tells the breaker, once. */
	private void settle(boolean well) {
		Admission admitted = this.admission;
		this.admission = null;
		if (admitted == null || admitted == Admission.REFUSED) {
			return;
		}
		if (well) {
			this.pool.breaker().succeeded(admitted);
		}
		else {
			this.pool.breaker().failed(admitted, System.nanoTime());
		}
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
		if (open != null && !this.done) {
			open.pingIfQuiet(now, this.edge.settings().pingEvery().toNanos());
		}
		if (begun == null || this.done) {
			return now > this.deadline;
		}
		this.sessionOver = this.lease.isOver(now, begun.isStream());
		this.streamOver = begun.isStream() && (this.sessionOver || this.edge.isStreamOver(now, this.startedAt));
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
		Acquisition wish = this.acquisition;
		if (wish != null && wish.isConnecting()) {
			// the connect timeout itself ends this
			this.deadline = this.client.ticker().after(this.options.timeouts().connect().multipliedBy(2));
			return;
		}
		UpstreamFailure failure = (wish != null) ? UpstreamFailure.NO_CAPACITY : UpstreamFailure.TIMEOUT;
		UpstreamConnection silent = this.upstream;
		if (silent != null) {
			silent.tooLate();
		}
		abort();
		failed(failure, new TimeoutException("nothing came in time"));
	}

	/**
	 * An event stream has no end of its own that could be missing: it just stops, in
	 * order.
	 */
	private void endStream(Answer begun) {
		abort();
		this.client.closesAfterAnswer(true);
		begun.end();
		finish(begun.outcome());
		this.client.answerEnded();
	}

	private void abort() {
		Acquisition wish = this.acquisition;
		UpstreamConnection connection = this.upstream;
		this.acquisition = null;
		this.upstream = null;
		if (wish != null) {
			wish.cancel();
		}
		if (connection != null) {
			connection.abort();
		}
	}

	private void refuse(Problem problem, boolean close) {
		finish(ForwardMeters.REFUSED);
		this.client.refuse(problem, close);
	}

	/** Streams do not count as requests in flight: they may stay for hours. */
	private void becomeStream() {
		uncount();
		this.streaming = true;
		this.edge.meters().streams().incrementAndGet();
	}

	private void uncount() {
		if (this.counted) {
			this.counted = false;
			this.edge.meters().inFlight().decrementAndGet();
		}
	}

	private void finish(int outcome) {
		if (this.done) {
			return;
		}
		this.done = true;
		uncount();
		Admission unsettled = this.admission;
		if (unsettled != null) {
			this.pool.breaker().abandoned(unsettled);
		}
		if (this.retried) {
			this.pool.retried();
		}
		if (this.streaming) {
			this.edge.meters().streams().decrementAndGet();
		}
		ForwardMeters.record(this.timers, outcome, System.nanoTime() - this.startedAt);
		Deque<HttpContent> waiting = this.early;
		this.early = null;
		if (waiting != null) {
			waiting.forEach(HttpContent::release);
		}
	}

}
