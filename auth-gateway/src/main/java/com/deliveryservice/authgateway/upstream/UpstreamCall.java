package com.deliveryservice.authgateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Carries one request to a backend and its answer back: a whole connection for a while by
 * HTTP/1.1, one stream of a shared connection by HTTP/2. Belongs to the event loop of the
 * client. Whoever holds it writes the head in the form of its protocol, then the body by
 * {@link #write} and {@link #end}.
 */
public sealed interface UpstreamCall permits UpstreamConnection, UpstreamStream {

	/**
	 * Begins an exchange.
	 * @param listener who gets the answer
	 * @param head whether it is a HEAD request, whose answer has no body
	 * @param chunked whether the length of the request's body is not known beforehand
	 */
	void begin(UpstreamListener listener, boolean head, boolean chunked);

	/**
	 * Writes a piece of the request's body.
	 * @param content owned by this call, may be empty
	 */
	void write(ByteBuf content);

	/**
	 * The request has come to its proper end.
	 * @param trailers what goes behind the body, if the protocol has room for it
	 */
	void end(HttpHeaders trailers);

	/**
	 * Sends what was written.
	 */
	void flush();

	boolean isWritable();

	/**
	 * The answer may go on for hours: from here on it takes the place of none of the
	 * requests that {@link UpstreamSettings#maxConnections} bounds, as long as there are
	 * no more than {@link UpstreamSettings#maxStreams}.
	 */
	void becomeStream();

	/**
	 * Asks for the next bytes.
	 */
	void read();

	/**
	 * It did not answer in time: its address is passed over for a while.
	 */
	void tooLate();

	/**
	 * Gives up: the backend sees the request broken off, and no made-up end. The listener
	 * hears nothing more.
	 */
	void abort();

}
