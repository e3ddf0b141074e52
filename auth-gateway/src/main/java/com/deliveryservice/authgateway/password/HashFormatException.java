package com.deliveryservice.authgateway.password;

/**
 * Not a password hash that can be read. The message says what was expected, and nothing
 * of salt and tag.
 */
public class HashFormatException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	HashFormatException(String message) {
		super(message);
	}

}
