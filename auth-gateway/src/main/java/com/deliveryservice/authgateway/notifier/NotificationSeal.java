package com.deliveryservice.authgateway.notifier;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.UUID;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.key.DerivedKeys;
import com.deliveryservice.authgateway.key.Randomness;

/**
 * Notifications as they wait in the table: AES-256-GCM under a derived key, bound to
 * their row, and all of one length or a multiple of it.
 */
final class NotificationSeal {

	private static final String PURPOSE = "notifications";

	private static final int NONCE = 12;

	private static final int TAG_BITS = 128;

	/** More than any of ours has. */
	private static final int BLOCK = 2048;

	private final DerivedKeys keys;

	private final Randomness randomness;

	NotificationSeal(DerivedKeys keys, Randomness randomness) {
		this.keys = keys;
		this.randomness = randomness;
	}

	/**
	 * Seals a text for a row.
	 * @param id of the row
	 * @param text what to seal; blanks at its end mean nothing
	 */
	Sealed seal(UUID id, String text) {
		String keyId = this.keys.currentId();
		byte[] key = this.keys.find(keyId, PURPOSE);
		if (key == null) {
			throw new IllegalStateException("no key");
		}
		byte[] clear = text.getBytes(StandardCharsets.UTF_8);
		byte[] padded = Arrays.copyOf(clear, (clear.length / BLOCK + 1) * BLOCK);
		Arrays.fill(padded, clear.length, padded.length, (byte) ' ');
		byte[] nonce = this.randomness.nextBytes(NONCE);
		try {
			byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, id).doFinal(padded);
			return new Sealed(keyId, ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("AES-256-GCM", ex);
		}
	}

	/**
	 * Opens what a row holds.
	 * @return the text with blanks at its end; {@code null} if the key is gone or the row
	 * is not as it was written
	 */
	@Nullable String open(UUID id, Sealed sealed) {
		byte[] key = this.keys.find(sealed.keyId(), PURPOSE);
		byte[] bytes = sealed.bytes();
		if (key == null || bytes.length <= NONCE) {
			return null;
		}
		try {
			byte[] clear = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(bytes, NONCE), id).doFinal(bytes, NONCE,
					bytes.length - NONCE);
			return new String(clear, StandardCharsets.UTF_8);
		}
		catch (GeneralSecurityException ex) {
			return null;
		}
	}

	private static Cipher cipher(int mode, byte[] key, byte[] nonce, UUID id) throws GeneralSecurityException {
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
		cipher.updateAAD(id.toString().getBytes(StandardCharsets.US_ASCII));
		return cipher;
	}

	/**
	 * What is in the row.
	 *
	 * @param keyId with which key
	 * @param bytes nonce, ciphertext and tag
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Sealed(String keyId, byte[] bytes) {

	}

}
