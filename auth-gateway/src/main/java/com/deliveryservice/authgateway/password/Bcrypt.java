package com.deliveryservice.authgateway.password;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.bouncycastle.crypto.generators.BCrypt;
import org.jspecify.annotations.Nullable;

/**
 * bcrypt as OpenBSD has it ({@code $2b$}; {@code $2a$} and {@code $2y$} mean the same
 * since their bugs are gone): a zero byte ends the password, and what is beyond 72 bytes
 * does not count.
 *
 * @param cost 4 to 31, each one doubles the work
 */
record Bcrypt(int cost) implements Derivation {

	static final String ID = "bcrypt";

	static final int SALT = 16;

	static final int TAG = 23;

	private static final int LONGEST = 72;

	private static final int MOST = 13;

	Bcrypt {
		if (cost < 4 || cost > 31) {
			throw new HashFormatException("bcrypt cost " + cost + " (expected 4 to 31)");
		}
	}

	@Override
	public byte[] derive(String password, byte[] salt, int length) {
		byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
		byte[] ended = Arrays.copyOf(bytes, Math.min(bytes.length + 1, LONGEST));
		return Arrays.copyOf(BCrypt.generate(ended, salt, this.cost), length);
	}

	@Override
	public String id() {
		return ID;
	}

	@Override
	public String parameters() {
		return "c=" + this.cost;
	}

	@Override
	public @Nullable String tooMuch(int length) {
		return (this.cost <= MOST) ? null : "bcrypt cost " + this.cost + " (expected up to " + MOST + ")";
	}

}
