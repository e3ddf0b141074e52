package com.deliveryservice.authgateway.password;

/**
 * A stored hash was made with a pepper that is not configured: nobody can tell whether a
 * password is right.
 */
public class UnknownPepperException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	UnknownPepperException(String keyId) {
		super("auth-gateway.directory.pepper: no key has the id " + keyId
				+ " (expected it as key or one of previous-keys)");
	}

}
