package com.deliveryservice.authgateway.password;

import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * PBKDF2 with HMAC (RFC 8018 §5.2).
 *
 * @param digest of the HMAC
 * @param iterations for each block of the tag
 */
record Pbkdf2(Digest digest, int iterations) implements Derivation {

	Pbkdf2 {
		if (iterations < 1) {
			throw new HashFormatException("PBKDF2 iterations " + iterations + " (expected 1 or more)");
		}
	}

	@Override
	public byte[] derive(String password, byte[] salt, int length) {
		PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, this.iterations, length * Byte.SIZE);
		try {
			return SecretKeyFactory.getInstance(this.digest.algorithm).generateSecret(spec).getEncoded();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(this.digest.algorithm, ex);
		}
		finally {
			spec.clearPassword();
		}
	}

	@Override
	public String id() {
		return this.digest.id;
	}

	@Override
	public String parameters() {
		return "i=" + this.iterations;
	}

	@Override
	public @Nullable String tooMuch(int length) {
		long blocks = (length + this.digest.length - 1L) / this.digest.length;
		return (this.iterations * blocks <= this.digest.most) ? null : this.digest.id + " iterations " + this.iterations
				+ " for " + length + " bytes (expected up to " + this.digest.most / blocks + ")";
	}

	/**
	 * The digests. The most iterations take about half a second each.
	 */
	enum Digest {

		SHA1("pbkdf2-sha1", "PBKDF2WithHmacSHA1", 20, 2_400_000),
		SHA256("pbkdf2-sha256", "PBKDF2WithHmacSHA256", 32, 2_000_000),
		SHA512("pbkdf2-sha512", "PBKDF2WithHmacSHA512", 64, 600_000);

		private final String id;

		private final String algorithm;

		private final int length;

		private final int most;

		Digest(String id, String algorithm, int length, int most) {
			this.id = id;
			this.algorithm = algorithm;
			this.length = length;
			this.most = most;
		}

		static @Nullable Digest find(String id) {
			return Arrays.stream(values()).filter((digest) -> digest.id.equals(id)).findFirst().orElse(null);
		}

	}

}
