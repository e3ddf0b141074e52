package com.deliveryservice.authgateway.token;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.key.SigningKey;

/**
 * What is kept of a token once it was verified.
 *
 * @param caller whom it speaks for
 * @param key what it was signed with
 * @param endsAt from when on it is refused, in ms since 1970
 * @param use when it was last noted as used
 */
record VerifiedToken(Caller caller, SigningKey key, long endsAt, Use use) {

	VerifiedToken(Caller caller, SigningKey key, long endsAt) {
		this(caller, key, endsAt, new Use());
	}

	/**
	 * When a use was last noted. Two threads may both find it due, which does no harm.
	 */
	static final class Use {

		private static final long EVERY_MILLIS = 60_000;

		private long notedAt;

		boolean isDue(long now) {
			if (now - this.notedAt < EVERY_MILLIS) {
				return false;
			}
			this.notedAt = now;
			return true;
		}

	}

}
