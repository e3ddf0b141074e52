package com.deliveryservice.authgateway.protection;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Under which keys an attempt counts: keyed hashes, so that the tables name nobody.
 *
 * @param account the login's, of a user or of nobody
 * @param address the network's that it comes from; {@code null} if there is none
 * @param device the device's, if its token was given out for this login, or the attempt
 * comes from a session of it; else {@code null}
 */
@SuppressWarnings("ArrayRecordComponent")
record LaneKeys(byte[] account, byte @Nullable [] address, byte @Nullable [] device) {

	private static final int NETWORK_BYTES = 8;

	static LaneKeys of(SignInAttempt attempt, SignedDeviceTokens devices, KeyedHash hash) {
		InetAddress address = attempt.address();
		String token = deviceToken(attempt, devices);
		return new LaneKeys(hash.of(text("account"), text(attempt.login())),
				(address != null) ? hash.of(text("address"), network(address)) : null,
				(token != null) ? hash.of(text("device"), text(token)) : null);
	}

	private static @Nullable String deviceToken(SignInAttempt attempt, SignedDeviceTokens devices) {
		UUID sessionId = attempt.sessionId();
		if (sessionId != null) {
			return devices.issue(attempt.login(), sessionId);
		}
		return devices.belongs(attempt.login(), attempt.deviceToken()) ? attempt.deviceToken() : null;
	}

	static byte[] text(String value) {
		return value.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * A customer of an IPv6 provider has a /64, 2^64 addresses.
	 */
	private static byte[] network(InetAddress address) {
		byte[] bytes = address.getAddress();
		return (address instanceof Inet6Address) ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes;
	}

}
