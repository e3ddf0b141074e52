package com.deliveryservice.authgateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/**
 * Who waits for an answer. All calls come on the event loop of the connection; after
 * {@link #ended} or {@link #failed} nothing more comes.
 */
public interface UpstreamListener {

	/**
	 * A connection is there, on this listener's event loop; it belongs to the listener
	 * until the answer's end.
	 */
	void connected(UpstreamConnection connection);

	/**
	 * A head came, informational ones included.
	 */
	void responded(HttpResponse response);

	/**
	 * A piece of the body came.
	 * @param content owned by the listener
	 */
	void received(ByteBuf content);

	/**
	 * Everything that was there to be read has been delivered. The next bytes come only
	 * after {@link UpstreamConnection#read}.
	 */
	void drained();

	/**
	 * The connection takes bytes again.
	 */
	void writable();

	/**
	 * The answer came to its proper end; the connection is no longer the listener's.
	 */
	void ended();

	/**
	 * There will be no proper end; the connection is closed.
	 * @param failure what happened
	 * @param cause for the log alone
	 */
	void failed(UpstreamFailure failure, Throwable cause);

}
