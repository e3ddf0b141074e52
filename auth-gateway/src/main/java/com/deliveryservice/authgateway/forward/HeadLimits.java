package com.deliveryservice.authgateway.forward;

/**
 * How long a request's head may be (security bar, section 2).
 */
final class HeadLimits {

	/** Bytes of the request line. */
	static final int LINE = 8 * 1024;

	/** Bytes of all header lines together. */
	static final int BLOCK = 16 * 1024;

	/** Header lines. */
	static final int COUNT = 100;

	/** Characters of all trailers together; they are dropped anyway. */
	static final int TRAILERS = 4 * 1024;

	private HeadLimits() {
	}

}
