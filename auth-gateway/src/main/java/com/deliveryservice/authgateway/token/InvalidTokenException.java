package com.deliveryservice.authgateway.token;

/**
 * The token is not valid. Why is for the log alone: the client gets the same words for
 * every reason.
 */
public class InvalidTokenException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * A refusal.
	 * @param reason a few fixed words, nothing of the token
	 */
	public InvalidTokenException(String reason) {
		super(reason, null, false, false);
	}

}
