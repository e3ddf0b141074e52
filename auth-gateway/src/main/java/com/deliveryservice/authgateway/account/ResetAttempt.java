package com.deliveryservice.authgateway.account;

import java.net.InetAddress;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A code and a new password for a reset, neither of them judged yet. Never prints itself.
 *
 * @param resetId of the reset
 * @param code as the person entered it
 * @param password in clear
 * @param deviceToken as an earlier sign-in on this device gave it, or {@code null}
 * @param address the client's, or {@code null} if there is none
 */
record ResetAttempt(UUID resetId, String code, String password, @Nullable String deviceToken,
		@Nullable InetAddress address) {

	@Override
	public String toString() {
		return "ResetAttempt[" + this.resetId + "]";
	}

}
