package com.deliveryservice.authgateway.soak;

import java.util.Random;

/**
 * Bodies that both sides can make from a number, so that each byte of an answer can be
 * checked without being stored.
 */
final class Payload {

	/** Longest of {@link #of}, in bytes. */
	static final int MOST = 20_000;

	/** Length of {@link #large}, in bytes: more than any socket takes at once. */
	static final int LARGE = 512 * 1024;

	/** Length of {@link #huge}, in bytes: more than sockets take while nobody reads. */
	static final int HUGE = 48 * 1024 * 1024;

	private Payload() {
	}

	static byte[] of(int number) {
		Random random = new Random(number);
		return bytes(random, random.nextInt(4) != 0 ? random.nextInt(600) : random.nextInt(MOST));
	}

	static byte[] large(int number) {
		return bytes(new Random(number), LARGE);
	}

	static byte[] huge() {
		return new byte[HUGE];
	}

	private static byte[] bytes(Random random, int length) {
		byte[] bytes = new byte[length];
		random.nextBytes(bytes);
		return bytes;
	}

}
