package com.deliveryservice.authgateway.audit;

/**
 * Marks events as written by a gateway, with a key that is not in the database: a row
 * that somebody else adds there carries no good mark. Handed in, since this package has
 * no keys.
 */
@FunctionalInterface
public interface EventSeal {

	/**
	 * The mark of an event.
	 * @param event its bytes, {@link RecordedEvent#bytes()}
	 */
	Mark mark(byte[] event);

	/**
	 * A mark.
	 *
	 * @param keyId which key made it
	 * @param mac HMAC-SHA-256, in hexadecimal digits
	 */
	record Mark(String keyId, String mac) {

	}

}
