package com.deliveryservice.authgateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

/**
 * Who waits for an answer. All calls come on the event loop of the connection; after
 * {@link #ended} or {@link #failed} nothing more comes.
 */
public interface UpstreamListener {

	/**
	 * A call may begin, on this listener's event loop; it belongs to the listener until
	 * the answer's end.
	 */
	void connected(UpstreamCall call);

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
	 * after {@link UpstreamCall#read}.
	 */
	void drained();

	/**
	 * The connection takes bytes again.
	 */
	void writable();

	/**
	 * The answer came to its proper end; the call is no longer the listener's.
	 * @param trailers what came behind its body
	 */
	void ended(HttpHeaders trailers);

	/**
	 * There will be no proper end; the connection is closed.
	 * @param failure what happened
	 * @param cause for the log alone
	 */
	void failed(UpstreamFailure failure, Throwable cause);

}
