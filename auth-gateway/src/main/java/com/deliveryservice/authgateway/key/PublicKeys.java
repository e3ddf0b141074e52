package com.deliveryservice.authgateway.key;

/**
 * What the gateway publishes of its signing keys.
 */
public interface PublicKeys {

	/**
	 * The JWK set (RFC 7517) of active, next and still-valid retired keys, public parts
	 * only, as JSON.
	 */
	String toJwkSet();

	/**
	 * Whether keys are loaded: without them nothing can be signed or verified.
	 */
	boolean areLoaded();

}
