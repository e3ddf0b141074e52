package com.deliveryservice.authgateway.account;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.directory.CodeHash;
import com.deliveryservice.authgateway.key.DerivedKeys;

/**
 * Verification codes as they are kept: an HMAC-SHA-256 bound to one sign-up, under a key
 * that is not in the database, since there are few enough codes to try them all.
 */
@Component
class SignUpCodes {

	private static final String PURPOSE = "sign-up code";

	private static final String ALGORITHM = "HmacSHA256";

	private static final Pattern CODE = Pattern.compile("[0-9]{4,10}");

	private final DerivedKeys keys;

	SignUpCodes(DerivedKeys keys) {
		this.keys = keys;
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
		String keyId = this.keys.currentId();
		return new CodeHash(keyId, hash(keyId, signUpId, code));
	}

	/**
	 * Hashes a code that came, with the key of the one that was sent. If that key is
	 * gone, no code is right.
	 * @return 32 bytes, or none
	 */
	byte[] hash(String keyId, UUID signUpId, String code) {
		byte[] key = this.keys.find(keyId, PURPOSE);
		if (key == null) {
			return new byte[0];
		}
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(new SecretKeySpec(key, ALGORITHM));
			mac.update(ByteBuffer.allocate(16)
				.putLong(signUpId.getMostSignificantBits())
				.putLong(signUpId.getLeastSignificantBits())
				.flip());
			return mac.doFinal(code.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException | InvalidKeyException ex) {
			throw new IllegalStateException(ALGORITHM, ex);
		}
	}

}
