package com.deliveryservice.authgateway.account;

import java.util.UUID;

import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.directory.CodeHash;
import com.deliveryservice.authgateway.key.DerivedKeys;
import com.deliveryservice.authgateway.key.Randomness;

/**
 * Codes of password resets: six digits, drawn here.
 */
@Component
class PasswordResetCodes {

	private static final int HASH_BYTES = 32;

	private final KeyedCodes codes;

	private final Randomness randomness;

	PasswordResetCodes(DerivedKeys keys, Randomness randomness) {
		this.codes = new KeyedCodes(keys, "password reset code");
		this.randomness = randomness;
	}

	UUID drawId() {
		return this.randomness.nextUuid();
	}

	/**
	 * A new code.
	 */
	String draw() {
		return this.randomness.nextDigits(KeyedCodes.DIGITS);
	}

	/**
	 * Hashes the code that is sent.
	 */
	CodeHash hash(UUID resetId, String code) {
		return this.codes.hash(resetId, code);
	}

	/**
	 * What no code has for a hash.
	 * @param like of which key
	 */
	CodeHash ofNoCode(CodeHash like) {
		return new CodeHash(like.keyId(), this.randomness.nextBytes(HASH_BYTES));
	}

	/**
	 * Hashes a code that came, with the key of the one that was sent.
	 * @return 32 bytes; none if that key is gone
	 */
	byte[] hash(String keyId, UUID resetId, String code) {
		return this.codes.hash(keyId, resetId, code);
	}

}
