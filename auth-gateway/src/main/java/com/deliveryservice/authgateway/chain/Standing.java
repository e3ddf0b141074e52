package com.deliveryservice.authgateway.chain;

import java.util.Locale;

/**
 * How the leader found an event when it gave it its number.
 */
enum Standing {

	/** A gateway wrote it. */
	SEALED,

	/** From before there were seals; only at the beginning of a chain. */
	OLDER,

	/** Whoever wrote it had no key. */
	FORGED;

	String code() {
		return name().toLowerCase(Locale.ROOT);
	}

	static Standing of(String code) {
		return valueOf(code.toUpperCase(Locale.ROOT));
	}

}
