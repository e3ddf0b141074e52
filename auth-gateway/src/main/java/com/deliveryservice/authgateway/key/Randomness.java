package com.deliveryservice.authgateway.key;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.UUID;

import org.springframework.stereotype.Component;

/**
 * Draws secrets and ids. Seeded from the system once, then computed (Hash_DRBG, NIST SP
 * 800-90A): unlike the JDK's default it reads no file, so it may be asked on an event
 * loop.
 */
@Component
public class Randomness {

	private final SecureRandom random;

	public Randomness() {
		try {
			this.random = SecureRandom.getInstance("DRBG");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every JDK has it", ex);
		}
		// takes the seed now, on the thread that starts the process
		nextBytes(1);
	}

	/**
	 * Random bytes.
	 */
	public byte[] nextBytes(int length) {
		byte[] bytes = new byte[length];
		this.random.nextBytes(bytes);
		return bytes;
	}

	/**
	 * A random UUID (RFC 9562 §5.4).
	 */
	public UUID nextUuid() {
		long high = (this.random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
		long low = (this.random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
		return new UUID(high, low);
	}

	/**
	 * So many random decimal digits, zeros in front among them; each text is as likely as
	 * any other.
	 * @param length 1 or more
	 */
	public String nextDigits(int length) {
		StringBuilder digits = new StringBuilder(length);
		for (int i = 0; i < length; i++) {
			digits.append((char) ('0' + this.random.nextInt(10)));
		}
		return digits.toString();
	}

	SecureRandom secureRandom() {
		return this.random;
	}

}
