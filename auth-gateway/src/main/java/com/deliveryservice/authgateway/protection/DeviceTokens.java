package com.deliveryservice.authgateway.protection;

import java.util.UUID;

/**
 * What a device gets at a good sign-in and may send with the next one, so that somebody
 * who guesses at its owner's password elsewhere cannot lock it out (OWASP's device
 * cookies). It is bound to the login, stored nowhere, and opens nothing: with it and
 * without the password one can but fail, in a lane of its own.
 */
public interface DeviceTokens {

	/**
	 * The device token of a session and its login: always the same one.
	 * @param login the normalised login
	 * @param sessionId the session that the device signed in to
	 * @return 64 characters, base64url
	 */
	String issue(String login, UUID sessionId);

}
