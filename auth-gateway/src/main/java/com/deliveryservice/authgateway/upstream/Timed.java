package com.deliveryservice.authgateway.upstream;

/**
 * Something with a deadline, looked at every tenth of a second.
 */
public interface Timed {

	/**
	 * Looks at the deadline.
	 * @param now {@link Ticker#now}
	 * @return whether it has passed: then {@link #expired} is called
	 */
	boolean isExpired(long now);

	/**
	 * Acts on the passed deadline.
	 */
	void expired();

}
