package com.deliveryservice.authgateway.protection;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 under one derived key: what is stored or handed out tells nothing without
 * it.
 */
class KeyedHash {

	private static final String ALGORITHM = "HmacSHA256";

	private final SecretKeySpec key;

	/**
	 * A hash of its own for one purpose.
	 * @param key 32 bytes
	 */
	KeyedHash(byte[] key) {
		this.key = new SecretKeySpec(key, ALGORITHM);
	}

	/**
	 * 32 bytes over the parts, each with its length before it, so that no two lists of
	 * parts are one.
	 */
	byte[] of(byte[]... parts) {
		Mac mac = mac();
		for (byte[] part : parts) {
			mac.update((byte) (part.length >>> 24));
			mac.update((byte) (part.length >>> 16));
			mac.update((byte) (part.length >>> 8));
			mac.update((byte) part.length);
			mac.update(part);
		}
		return mac.doFinal();
	}

	private Mac mac() {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.key);
			return mac;
		}
		catch (NoSuchAlgorithmException | InvalidKeyException ex) {
			throw new IllegalStateException(ALGORITHM, ex);
		}
	}

}
