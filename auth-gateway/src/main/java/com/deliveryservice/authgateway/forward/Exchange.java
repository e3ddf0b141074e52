package com.deliveryservice.authgateway.forward;

import io.netty.handler.codec.http.HttpContent;

import com.deliveryservice.authgateway.problem.Problem;

/**
 * One request and its answer on a client's connection, as the connection sees it.
 */
interface Exchange {

	/**
	 * A piece of the request's body came, perhaps the last.
	 * @param content owned by the exchange
	 */
	void content(HttpContent content);

	/**
	 * Everything that was there to be read has been delivered.
	 */
	void readCompleted();

	/**
	 * Whether the client may be asked for more of the body.
	 */
	boolean wantsMore();

	/**
	 * Whether the request may go on for as long as its answer: then a pause in it is
	 * nothing to wonder at.
	 */
	default boolean isStream() {
		return false;
	}

	/**
	 * The client takes bytes again.
	 */
	void clientWritable();

	/**
	 * The client is gone: nothing can be answered any more.
	 */
	void clientGone();

	/**
	 * The rest of the request will not come in order. The exchange ends: by this answer,
	 * if it has none yet.
	 */
	void requestBroken(Problem problem);

	/**
	 * Whether a deadline of its own has passed.
	 */
	default boolean isExpired(long now) {
		return false;
	}

	/**
	 * Acts on the passed deadline.
	 */
	default void expired() {
	}

}
