package com.deliveryservice.authgateway.forward;

import io.netty.handler.codec.http.HttpContent;

import com.deliveryservice.authgateway.problem.Problem;

/**
 * An exchange that has its answer already; what still comes of the request is dropped.
 */
enum Answered implements Exchange {

	INSTANCE;

	@Override
	public void content(HttpContent content) {
		content.release();
	}

	@Override
	public void readCompleted() {
		// nothing was kept
	}

	@Override
	public boolean wantsMore() {
		return true;
	}

	@Override
	public void clientWritable() {
		// nothing is left to write
	}

	@Override
	public void clientGone() {
		// nobody waits
	}

	@Override
	public void requestBroken(Problem problem) {
		// it has its answer
	}

}
