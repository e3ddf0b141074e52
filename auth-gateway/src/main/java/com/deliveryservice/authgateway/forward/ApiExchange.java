package com.deliveryservice.authgateway.forward;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

import com.deliveryservice.authgateway.problem.Problem;

/**
 * An exchange that Reactor Netty and WebFlux serve, further up the pipeline.
 */
final class ApiExchange implements Exchange {

	private final ClientConnection client;

	private final ChannelHandlerContext ctx;

	private boolean answering;

	private boolean informational;

	ApiExchange(ClientConnection client, ChannelHandlerContext ctx) {
		this.client = client;
		this.ctx = ctx;
	}

	@Override
	public void content(HttpContent content) {
		this.ctx.fireChannelRead(content);
	}

	@Override
	public void readCompleted() {
		this.ctx.fireChannelReadComplete();
	}

	/** Reactor Netty asks by itself. */
	@Override
	public boolean wantsMore() {
		return false;
	}

	@Override
	public void clientWritable() {
		// told by channelWritabilityChanged, which travels up the pipeline
	}

	@Override
	public void clientGone() {
		// told by channelInactive, which travels up the pipeline
	}

	@Override
	public void requestBroken(Problem problem) {
		if (this.answering) {
			this.client.truncate();
		}
		else {
			this.client.refuse(problem, true);
		}
	}

	/**
	 * Looks at what is written as the answer.
	 * @return whether this ends it
	 */
	boolean written(Object message) {
		if (message instanceof HttpResponse response) {
			this.informational = response.status().code() < 200;
			if (!this.informational) {
				this.answering = true;
				if (this.client.closesAfterAnswer(false)) {
					response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
				}
			}
		}
		return message instanceof LastHttpContent && !this.informational;
	}

}
