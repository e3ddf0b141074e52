package com.deliveryservice.authgateway.token;

import com.deliveryservice.authgateway.identity.Caller;

/**
 * Signs what the gateway asserts to a backend: {@code identity+jwt}
 * (contract/backends.md), at most 60 s long, cached per session and audience.
 */
public interface Assertions {

	/**
	 * The assertion for a caller and one backend.
	 * @param caller who calls
	 * @param audience the route's audience
	 * @return the compact JWS, good for 20 s at the least
	 * @throws KeysUnavailableException while no signing key could be loaded
	 */
	String assertionOf(Caller caller, String audience);

}
