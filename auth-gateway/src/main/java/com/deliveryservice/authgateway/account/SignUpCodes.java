package com.deliveryservice.authgateway.account;

import java.util.UUID;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.directory.CodeHash;
import com.deliveryservice.authgateway.key.DerivedKeys;

/**
 * Verification codes of sign-ups: whatever workflow-auth sent, or six digits of our own.
 */
@Component
class SignUpCodes {

	private static final Pattern CODE = Pattern.compile("[0-9]{4,10}");

	private final KeyedCodes codes;

	SignUpCodes(DerivedKeys keys) {
		this.codes = new KeyedCodes(keys, "sign-up code");
	}

	/**
	 * Whether this can be a code at all: 4 to 10 digits.
	 */
	static boolean isCode(@Nullable String code) {
		return code != null && CODE.matcher(code).matches();
	}

	/**
	 * Hashes the code that was sent.
	 */
	CodeHash hash(UUID signUpId, String code) {
		return this.codes.hash(signUpId, code);
	}

	/**
	 * Hashes a code that came, with the key of the one that was sent. If that key is
	 * gone, no code is right.
	 * @return 32 bytes, or none
	 */
	byte[] hash(String keyId, UUID signUpId, String code) {
		return this.codes.hash(keyId, signUpId, code);
	}

}
