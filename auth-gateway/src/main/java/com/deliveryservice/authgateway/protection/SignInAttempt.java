package com.deliveryservice.authgateway.protection;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

/**
 * Who tries to sign in, from where. Never prints itself.
 *
 * @param login the normalised login, of a user or of nobody
 * @param address the client's address, or {@code null} if there is none
 * @param deviceToken as the client sent it, anything, or {@code null}
 */
public record SignInAttempt(String login, @Nullable InetAddress address, @Nullable String deviceToken) {

	@Override
	public String toString() {
		return "SignInAttempt[…]";
	}

}
