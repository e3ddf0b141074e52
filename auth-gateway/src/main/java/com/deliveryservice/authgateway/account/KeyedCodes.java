package com.deliveryservice.authgateway.account;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.deliveryservice.authgateway.directory.CodeHash;
import com.deliveryservice.authgateway.key.DerivedKeys;

/**
 * Codes as they are kept: an HMAC-SHA-256 bound to what they are for, under a key that is
 * not in the database, since there are few enough codes to try them all.
 */
final class KeyedCodes {

	/** How long a code of our own is. */
	static final int DIGITS = 6;

	private static final String ALGORITHM = "HmacSHA256";

	private final DerivedKeys keys;

	private final String purpose;

	/**
	 * Codes for one purpose.
	 * @param purpose fixed words, of their own for each use
	 */
	KeyedCodes(DerivedKeys keys, String purpose) {
		this.keys = keys;
		this.purpose = purpose;
	}

	/**
	 * Hashes the code that is sent.
	 * @param id of the sign-up or reset
	 */
	CodeHash hash(UUID id, String code) {
		String keyId = this.keys.currentId();
		return new CodeHash(keyId, hash(keyId, id, code));
	}

	/**
	 * Hashes a code that came, with the key of the one that was sent. If that key is
	 * gone, no code is right.
	 * @return 32 bytes, or none
	 */
	byte[] hash(String keyId, UUID id, String code) {
		byte[] key = this.keys.find(keyId, this.purpose);
		if (key == null) {
			return new byte[0];
		}
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(new SecretKeySpec(key, ALGORITHM));
			mac.update(ByteBuffer.allocate(16)
				.putLong(id.getMostSignificantBits())
				.putLong(id.getLeastSignificantBits())
				.flip());
			return mac.doFinal(code.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException | InvalidKeyException ex) {
			throw new IllegalStateException(ALGORITHM, ex);
		}
	}

}
