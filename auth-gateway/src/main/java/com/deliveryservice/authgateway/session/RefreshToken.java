package com.deliveryservice.authgateway.session;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The opaque one-use secret that renews a session: 32 bytes, base64url without padding.
 * Never prints itself; only its SHA-256 is stored.
 *
 * @param value the 43 characters that the client holds
 */
public record RefreshToken(String value) {

	private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{43}");

	public RefreshToken {
		if (!SHAPE.matcher(value).matches()) {
			throw new IllegalArgumentException("not a refresh token");
		}
	}

	/**
	 * Reads what a client sent.
	 * @return the token, or {@code null} if it cannot be one
	 */
	public static @Nullable RefreshToken parse(String value) {
		return SHAPE.matcher(value).matches() ? new RefreshToken(value) : null;
	}

	@Override
	public String toString() {
		return "RefreshToken[…]";
	}

}
