package com.deliveryservice.authgateway.ops;

/**
 * A listener's port cannot be had. The message is the whole line for the operator.
 */
class PortTakenException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	PortTakenException(String property, int port, Throwable cause) {
		super(property + ": " + port + " (already in use)", cause);
	}

}
