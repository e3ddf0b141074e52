package com.deliveryservice.authgateway.identity;

/**
 * Names that only the gateway may write (contract/backends.md).
 */
public final class ReservedHeaders {

	private static final String PREFIX = "x-auth-";

	private ReservedHeaders() {
	}

	/**
	 * Whether the name is an identity header in any spelling: lower-cased, and with
	 * {@code _} and {@code .} read as {@code -}, it begins with {@code x-auth-}.
	 */
	public static boolean isIdentity(CharSequence name) {
		return startsWith(name, PREFIX);
	}

	/**
	 * Whether the name begins with the prefix, in any such spelling.
	 * @param name of a header
	 * @param prefix lower case, with {@code -}
	 */
	public static boolean startsWith(CharSequence name, String prefix) {
		if (name.length() < prefix.length()) {
			return false;
		}
		for (int i = 0; i < prefix.length(); i++) {
			if (canonical(name.charAt(i)) != prefix.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether the name equals the other in any such spelling.
	 * @param name of a header
	 * @param other lower case, with {@code -}
	 */
	public static boolean isSpelling(CharSequence name, String other) {
		return name.length() == other.length() && startsWith(name, other);
	}

	private static char canonical(char c) {
		if (c == '_' || c == '.') {
			return '-';
		}
		return (c >= 'A' && c <= 'Z') ? (char) (c + 32) : c;
	}

}
