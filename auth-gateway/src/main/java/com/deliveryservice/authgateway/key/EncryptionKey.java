package com.deliveryservice.authgateway.key;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * The operator's 32 bytes: seals signing keys (AES-256-GCM, NIST SP 800-38D, a random
 * 96-bit nonce in front) and is what other secrets are derived from (HKDF-SHA-256, RFC
 * 5869). Never prints itself.
 */
final class EncryptionKey {

	static final int LENGTH = 32;

	private static final int NONCE = 12;

	private static final int TAG_BITS = 128;

	private static final SecureRandom RANDOM = new SecureRandom();

	private final byte[] key;

	private final String id;

	EncryptionKey(byte[] key) {
		if (key.length != LENGTH) {
			throw new IllegalArgumentException("an encryption key has " + LENGTH + " bytes");
		}
		this.key = key.clone();
		this.id = HexFormat.of().formatHex(derive("key id"), 0, 8);
	}

	/**
	 * Names this key in a table, and tells nothing of it.
	 */
	String id() {
		return this.id;
	}

	/**
	 * Encrypts.
	 * @param plaintext what to keep secret
	 * @param context what it belongs to; the same is needed to open it
	 * @return nonce, ciphertext and tag
	 */
	byte[] seal(byte[] plaintext, String context) {
		byte[] nonce = new byte[NONCE];
		RANDOM.nextBytes(nonce);
		try {
			byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(plaintext);
			byte[] sealed = Arrays.copyOf(nonce, NONCE + ciphertext.length);
			System.arraycopy(ciphertext, 0, sealed, NONCE, ciphertext.length);
			return sealed;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("AES-256-GCM", ex);
		}
	}

	/**
	 * Decrypts.
	 * @throws GeneralSecurityException if this is not the key, or the context or a byte
	 * is another
	 */
	byte[] open(byte[] sealed, String context) throws GeneralSecurityException {
		if (sealed.length <= NONCE) {
			throw new GeneralSecurityException("too short");
		}
		byte[] nonce = Arrays.copyOf(sealed, NONCE);
		return cipher(Cipher.DECRYPT_MODE, nonce, context).doFinal(sealed, NONCE, sealed.length - NONCE);
	}

	/**
	 * Derives 32 bytes for one purpose.
	 */
	byte[] derive(String purpose) {
		HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
		byte[] info = ("auth-gateway " + purpose).getBytes(StandardCharsets.UTF_8);
		hkdf.init(new HKDFParameters(this.key, null, info));
		byte[] derived = new byte[LENGTH];
		hkdf.generateBytes(derived, 0, derived.length);
		return derived;
	}

	private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(mode, new SecretKeySpec(this.key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
		cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
		return cipher;
	}

	@Override
	public String toString() {
		return "EncryptionKey[" + this.id + "]";
	}

}
