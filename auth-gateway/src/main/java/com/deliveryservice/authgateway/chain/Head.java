package com.deliveryservice.authgateway.chain;

import org.jspecify.annotations.Nullable;

/**
 * Where the chain ends.
 *
 * @param number of the last link; 0: there never was one
 * @param mac in hexadecimal digits, of it, which the next one continues
 * @param keyId of the key of that mac; {@code null} without a link
 * @param olderOnly no event so far had a seal
 */
record Head(long number, String mac, @Nullable String keyId, boolean olderOnly) {

	private static final int MAC_LENGTH = 64;

	/** Of a chain that has not begun. */
	static final Head NONE = new Head(0, "0".repeat(MAC_LENGTH), null, true);

	/**
	 * As the log gives it and {@code audit-verify} takes it: {@code number:hex}.
	 */
	String digest() {
		return this.number + ":" + this.mac;
	}

	boolean isSame(Head other) {
		return this.number == other.number && this.mac.equals(other.mac);
	}

}
