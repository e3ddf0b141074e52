package com.deliveryservice.authgateway.key;

import java.time.Duration;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.keys.*}. Never prints the keys.
 *
 * @param encryptionKey base64 of 32 bytes; encrypts the signing keys at rest
 * @param previousEncryptionKey the one before; what it encrypted is encrypted anew
 * @param rotateEvery how long a key signs
 * @param publishBefore how long a key is public before it signs
 */
@ConfigurationProperties("auth-gateway.keys")
public record KeySettings(@Nullable String encryptionKey, @Nullable String previousEncryptionKey,
		@DefaultValue("30d") Duration rotateEvery, @DefaultValue("24h") Duration publishBefore) {

	private static final String PREFIX = "auth-gateway.keys.";

	private static final String EXPECTED = " (expected base64 of 32 bytes)";

	public KeySettings {
		previousEncryptionKey = (previousEncryptionKey == null || previousEncryptionKey.isBlank()) ? null
				: previousEncryptionKey;
		if (encryptionKey == null || encryptionKey.isBlank()) {
			throw new IllegalArgumentException(PREFIX + "encryption-key: missing" + EXPECTED);
		}
		decode("encryption-key", encryptionKey);
		if (previousEncryptionKey != null) {
			decode("previous-encryption-key", previousEncryptionKey);
		}
		if (publishBefore.isNegative()) {
			throw new IllegalArgumentException(PREFIX + "publish-before: " + publishBefore + " (expected 0s or more)");
		}
		if (rotateEvery.compareTo(Duration.ofMinutes(1)) < 0 || rotateEvery.compareTo(publishBefore) <= 0) {
			throw new IllegalArgumentException(PREFIX + "rotate-every: " + rotateEvery
					+ " (expected 1m or more, and longer than publish-before, " + publishBefore + ")");
		}
	}

	EncryptionKey currentKey() {
		return new EncryptionKey(decode("encryption-key", String.valueOf(this.encryptionKey)));
	}

	@Nullable EncryptionKey previousKey() {
		return (this.previousEncryptionKey != null)
				? new EncryptionKey(decode("previous-encryption-key", this.previousEncryptionKey)) : null;
	}

	@Override
	public String toString() {
		return "KeySettings[rotateEvery=" + this.rotateEvery + ", publishBefore=" + this.publishBefore + "]";
	}

	private static byte[] decode(String name, String value) {
		byte[] key = decodeOrEmpty(value.trim());
		if (key.length != EncryptionKey.LENGTH) {
			throw new IllegalArgumentException(PREFIX + name + ": (not shown)" + EXPECTED);
		}
		return key;
	}

	private static byte[] decodeOrEmpty(String value) {
		try {
			return Base64.getDecoder().decode(value);
		}
		catch (IllegalArgumentException ex) {
			return new byte[0];
		}
	}

}
