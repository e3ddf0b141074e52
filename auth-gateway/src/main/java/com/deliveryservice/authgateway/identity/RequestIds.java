package com.deliveryservice.authgateway.identity;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Ids of requests: unique, no secrets.
 */
public final class RequestIds {

	public static final String HEADER = "X-Request-Id";

	private static final char[] HEX = "0123456789abcdef".toCharArray();

	private RequestIds() {
	}

	/**
	 * A new id of 32 hexadecimal digits.
	 */
	public static String next() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		char[] id = new char[32];
		write(random.nextLong(), id, 0);
		write(random.nextLong(), id, 16);
		return new String(id);
	}

	/**
	 * Whether a trusted proxy's id may be kept: 1 to 128 letters, digits and
	 * {@code . _ -}.
	 */
	public static boolean isUsable(String id) {
		if (id.isEmpty() || id.length() > 128) {
			return false;
		}
		for (int i = 0; i < id.length(); i++) {
			char c = id.charAt(i);
			boolean usable = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
					|| "._-".indexOf(c) >= 0;
			if (!usable) {
				return false;
			}
		}
		return true;
	}

	private static void write(long bits, char[] to, int at) {
		for (int i = 0; i < 16; i++) {
			to[at + i] = HEX[(int) (bits >>> (60 - 4 * i)) & 0xF];
		}
	}

}
