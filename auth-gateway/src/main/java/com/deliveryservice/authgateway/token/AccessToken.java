package com.deliveryservice.authgateway.token;

import java.time.Duration;

/**
 * A minted access token. Never prints itself.
 *
 * @param value the compact JWS
 * @param expiresIn its life from now
 */
public record AccessToken(String value, Duration expiresIn) {

	@Override
	public String toString() {
		return "AccessToken[…]";
	}

}
