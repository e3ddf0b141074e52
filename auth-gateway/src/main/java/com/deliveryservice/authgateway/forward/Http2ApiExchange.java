package com.deliveryservice.authgateway.forward;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Sinks;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;

/**
 * An exchange of the API lane on a stream of HTTP/2. The lane gets the request as it gets
 * those of Reactor Netty; its answers are small, and go out in one piece.
 */
final class Http2ApiExchange implements Exchange {

	private static final Logger log = LoggerFactory.getLogger(Http2ApiExchange.class);

	private static final Problem INTERNAL = Problem.of(ProblemCode.INTERNAL_ERROR);

	/** Beyond it nothing more is read until the lane has refused it. */
	private static final int BUFFER = 64 * 1024;

	private final Http2Client client;

	private final Edge edge;

	private final HttpRequest request;

	private final Sinks.Many<DataBuffer> body = Sinks.many().unicast().onBackpressureBuffer();

	private final Http2ApiResponse response = new Http2ApiResponse();

	private Disposable handling = Disposables.disposed();

	private int received;

	private boolean ended;

	Http2ApiExchange(Http2Client client, Edge edge, HttpRequest request) {
		this.client = client;
		this.edge = edge;
		this.request = request;
	}

	void start() {
		this.edge.meters().inFlight().incrementAndGet();
		this.handling = this.edge.api()
			.handle(new Http2ApiRequest(this.request, this.client.channel(), this.body.asFlux()), this.response)
			.subscribe((nothing) -> {
			}, this::failed, this::answer);
	}

	private void answer() {
		this.client.channel().eventLoop().execute(() -> {
			if (end()) {
				write();
			}
		});
	}

	private void write() {
		Http2Head head = new Http2Head();
		head.headers().status(Integer.toString(this.response.status()));
		try {
			this.response.fields(head);
		}
		catch (IllegalArgumentException ex) {
			log.error("the answer to {} cannot be written", this.request.uri(), ex);
			this.client.refuse(INTERNAL, true);
			return;
		}
		this.client.answerAtOnce(head, this.response.body());
	}

	private void failed(Throwable cause) {
		log.error("{} failed", this.request.uri(), cause);
		this.client.channel().eventLoop().execute(() -> {
			if (end()) {
				this.client.refuse(INTERNAL, true);
			}
		});
	}

	private boolean end() {
		if (this.ended) {
			return false;
		}
		this.ended = true;
		this.edge.meters().inFlight().decrementAndGet();
		return true;
	}

	/** Copied, so that nothing leaks if the lane answers without having read it. */
	@Override
	public void content(HttpContent content) {
		if (!this.ended && content.content().isReadable()) {
			this.received += content.content().readableBytes();
			byte[] bytes = ByteBufUtil.getBytes(content.content());
			this.body.tryEmitNext(DefaultDataBufferFactory.sharedInstance.wrap(bytes));
		}
		if (content instanceof LastHttpContent) {
			this.body.tryEmitComplete();
		}
		content.release();
	}

	@Override
	public void readCompleted() {
		// nothing was kept
	}

	@Override
	public boolean wantsMore() {
		return this.ended || this.received <= BUFFER;
	}

	@Override
	public void clientWritable() {
		// the answer goes out in one piece
	}

	@Override
	public void clientGone() {
		if (end()) {
			this.handling.dispose();
		}
	}

	@Override
	public void requestBroken(Problem problem) {
		if (end()) {
			this.handling.dispose();
			this.client.refuse(problem, true);
		}
	}

}
