package com.deliveryservice.authgateway.upstream;

/**
 * How a backend failed: the gateway's own words, made before anything else can take an
 * upstream's fault for a client that left.
 */
public enum UpstreamFailure {

	/** No connection: refused, unknown name, failed TLS handshake. */
	UNREACHABLE,

	/** No connection in time. */
	CONNECT_TIMEOUT,

	/** Closed or reset before the answer's end. */
	BROKEN,

	/** What came is no proper HTTP/1.1 answer. */
	MISFRAMED,

	/** As many connections as allowed are busy. */
	NO_CAPACITY,

	/** No answer in time. */
	TIMEOUT

}
