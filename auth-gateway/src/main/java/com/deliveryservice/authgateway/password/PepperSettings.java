package com.deliveryservice.authgateway.password;

import java.util.Base64;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.directory.pepper.*}. Never prints the keys.
 *
 * @param key base64 of 32 bytes or more; {@code null}: new hashes get no pepper
 * @param previousKeys those before, which still verify what they were applied to
 */
@ConfigurationProperties("auth-gateway.directory.pepper")
public record PepperSettings(@Nullable String key, @DefaultValue List<String> previousKeys) {

	private static final String PREFIX = "auth-gateway.directory.pepper.";

	private static final int SHORTEST = 32;

	public PepperSettings {
		key = (key == null || key.isBlank()) ? null : key;
		if (key != null) {
			decode("key", key);
		}
		previousKeys = previousKeys.stream().filter((previous) -> !previous.isBlank()).toList();
		for (int i = 0; i < previousKeys.size(); i++) {
			decode("previous-keys[" + i + "]", previousKeys.get(i));
		}
	}

	byte @Nullable [] currentKey() {
		return (this.key != null) ? decode("key", this.key) : null;
	}

	List<byte[]> formerKeys() {
		return this.previousKeys.stream().map((previous) -> decode("previous-keys", previous)).toList();
	}

	@Override
	public String toString() {
		return "PepperSettings[…]";
	}

	private static byte[] decode(String name, String value) {
		byte[] key = decodeOrEmpty(value.trim());
		if (key.length < SHORTEST) {
			throw new IllegalArgumentException(
					PREFIX + name + ": (not shown) (expected base64 of " + SHORTEST + " bytes or more)");
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
