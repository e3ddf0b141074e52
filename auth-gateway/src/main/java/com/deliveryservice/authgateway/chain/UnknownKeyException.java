package com.deliveryservice.authgateway.chain;

/**
 * The chain ends under a key that this replica does not know, so that another one has to
 * go on with it.
 */
class UnknownKeyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	UnknownKeyException(String keyId) {
		super("The audit chain ends under encryption key " + keyId + ", which is not configured here: set it as "
				+ "auth-gateway.keys.previous-encryption-key once more, or, if it is lost, "
				+ "auth-gateway.audit.lost-key-id: " + keyId);
	}

}
