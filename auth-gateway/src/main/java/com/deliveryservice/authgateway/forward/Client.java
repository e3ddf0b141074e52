package com.deliveryservice.authgateway.forward;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.upstream.Ticker;

/**
 * Who sent a request and waits for its answer: a connection by HTTP/1.1, one stream of a
 * connection by HTTP/2. All of it happens on the event loop of its channel.
 */
interface Client {

	/**
	 * The socket's channel.
	 */
	Channel channel();

	Ticker ticker();

	EdgeSettings settings();

	/**
	 * For the exchange that was decided on.
	 */
	void run(Exchange exchange);

	/**
	 * Hands a request over to the API lane.
	 */
	void passOn(HttpRequest request);

	/**
	 * Answers with a problem.
	 * @param problem what is wrong
	 * @param close whether nothing more is wanted of the client in any case
	 */
	void refuse(Problem problem, boolean close);

	/**
	 * Answers an ingress that the request may pass.
	 * @param approval what it is told
	 * @param close whether nothing more is wanted of the client in any case
	 */
	void approve(Decisions.Approval approval, boolean close);

	/**
	 * Whether all of the request came. The end of one without a body is the end of its
	 * head.
	 */
	boolean isRequestEnded();

	/**
	 * Asks for more of the request where more is wanted.
	 */
	void readIfWanted();

	/**
	 * Whether the client takes bytes.
	 */
	boolean isWritable();

	/**
	 * Sends what was written.
	 */
	void flush();

	/**
	 * Tells the client to send its body.
	 */
	void proceed();

	/**
	 * Begins the answer by its head.
	 */
	Answer answer(Forwarding forwarding, HttpResponse response);

	/**
	 * Answers with the switch to WebSocket, after which {@link #switchTo} follows.
	 */
	Answer upgrade(Forwarding forwarding, HttpResponse response);

	/**
	 * From here on the bytes, also those that came already, go to the relay.
	 */
	void switchTo(Relay relay);

	/**
	 * The answer has been written to its end.
	 */
	void answerEnded();

}
