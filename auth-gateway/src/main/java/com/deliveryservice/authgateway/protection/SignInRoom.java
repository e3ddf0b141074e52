package com.deliveryservice.authgateway.protection;

/**
 * Whether one more sign-in can be served in time. The edge asks before it hands a request
 * over: what a flood is told must cost next to nothing, or it takes the processor from
 * those who are forwarded (contract/client-api.md, 503 {@code overloaded}).
 */
@FunctionalInterface
public interface SignInRoom {

	/**
	 * Whether one more would be told {@code overloaded}. Neither blocks nor waits.
	 */
	boolean isFull();

}
