package com.deliveryservice.authgateway.protection;

import java.net.InetAddress;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Who tries to sign in or to confirm the password, from where. Never prints itself.
 *
 * @param login the normalised login, of a user or of nobody
 * @param address the client's address, or {@code null} if there is none
 * @param deviceToken as the client sent it, anything, or {@code null}
 * @param sessionId of this login's session that the attempt comes from, which is on a
 * known device; {@code null} for a sign-in
 */
public record SignInAttempt(String login, @Nullable InetAddress address, @Nullable String deviceToken,
		@Nullable UUID sessionId) {

	/**
	 * One to sign in.
	 */
	public SignInAttempt(String login, @Nullable InetAddress address, @Nullable String deviceToken) {
		this(login, address, deviceToken, null);
	}

	/**
	 * One of somebody who is signed in.
	 */
	public static SignInAttempt inSession(String login, @Nullable InetAddress address, UUID sessionId) {
		return new SignInAttempt(login, address, null, sessionId);
	}

	@Override
	public String toString() {
		return "SignInAttempt[…]";
	}

}
