package com.deliveryservice.authgateway.importing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * SHA-256, by which a file and a row are known again.
 */
final class Sha256 {

	private Sha256() {
	}

	static MessageDigest start() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("SHA-256", ex);
		}
	}

	/**
	 * Of some texts, each with its length, in hexadecimal.
	 */
	static String of(List<String> texts) {
		MessageDigest digest = start();
		for (String text : texts) {
			byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
			digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
			digest.update(bytes);
		}
		return HexFormat.of().formatHex(digest.digest());
	}

}
