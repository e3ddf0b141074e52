package com.deliveryservice.authgateway.protection;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Device tokens that carry their own proof: the session's id and an HMAC over it and the
 * login.
 */
class SignedDeviceTokens implements DeviceTokens {

	private static final int SEED_BYTES = 16;

	private static final int BYTES = SEED_BYTES + 32;

	private static final int CHARACTERS = 4 * BYTES / 3;

	private final KeyedHash hash;

	SignedDeviceTokens(KeyedHash hash) {
		this.hash = hash;
	}

	@Override
	public String issue(String login, UUID sessionId) {
		byte[] seed = ByteBuffer.allocate(SEED_BYTES)
			.putLong(sessionId.getMostSignificantBits())
			.putLong(sessionId.getLeastSignificantBits())
			.array();
		byte[] token = ByteBuffer.allocate(BYTES).put(seed).put(tag(login, seed)).array();
		return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
	}

	/**
	 * Whether the token was issued for this login.
	 * @param login the normalised login
	 * @param token what a client sent, anything
	 */
	boolean belongs(String login, @Nullable String token) {
		byte[] bytes = decode(token);
		if (bytes.length != BYTES) {
			return false;
		}
		byte[] seed = Arrays.copyOf(bytes, SEED_BYTES);
		return MessageDigest.isEqual(tag(login, seed), Arrays.copyOfRange(bytes, SEED_BYTES, BYTES));
	}

	private byte[] tag(String login, byte[] seed) {
		return this.hash.of(login.getBytes(StandardCharsets.UTF_8), seed);
	}

	private static byte[] decode(@Nullable String token) {
		if (token == null || token.length() != CHARACTERS) {
			return new byte[0];
		}
		try {
			return Base64.getUrlDecoder().decode(token);
		}
		catch (IllegalArgumentException ex) {
			return new byte[0];
		}
	}

}
