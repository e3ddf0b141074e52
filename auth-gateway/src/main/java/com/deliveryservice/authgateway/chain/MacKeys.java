package com.deliveryservice.authgateway.chain;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * Keys of the chain by their ids. Never prints them.
 */
final class MacKeys {

	private static final String ALGORITHM = "HmacSHA256";

	private final Map<String, byte[]> keys;

	MacKeys(Map<String, byte[]> keys) {
		this.keys = Map.copyOf(keys);
	}

	/**
	 * These and more; where both have an id, these win.
	 */
	MacKeys and(Map<String, byte[]> more) {
		Map<String, byte[]> all = new LinkedHashMap<>(more);
		all.putAll(this.keys);
		return new MacKeys(all);
	}

	boolean has(@Nullable String id) {
		return id != null && this.keys.containsKey(id);
	}

	Set<String> ids() {
		return this.keys.keySet();
	}

	byte @Nullable [] find(String id) {
		return this.keys.get(id);
	}

	/**
	 * HMAC-SHA-256 under a key that is there, in hexadecimal digits.
	 */
	String mac(String id, byte[] message) {
		byte[] key = this.keys.get(id);
		if (key == null) {
			throw new IllegalArgumentException("no key " + id);
		}
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(new SecretKeySpec(key, ALGORITHM));
			return HexFormat.of().formatHex(mac.doFinal(message));
		}
		catch (NoSuchAlgorithmException | InvalidKeyException ex) {
			throw new IllegalStateException(ALGORITHM, ex);
		}
	}

	/**
	 * Whether this is the mac of the message.
	 */
	boolean fits(@Nullable String id, byte[] message, @Nullable String mac) {
		return id != null && mac != null && has(id) && MessageDigest
			.isEqual(mac(id, message).getBytes(StandardCharsets.US_ASCII), mac.getBytes(StandardCharsets.US_ASCII));
	}

	@Override
	public String toString() {
		return "MacKeys" + this.keys.keySet();
	}

}
