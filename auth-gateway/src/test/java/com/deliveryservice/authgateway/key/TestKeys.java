package com.deliveryservice.authgateway.key;

import java.util.List;
import java.util.Objects;

/**
 * Key rings for tests of what is signed, without a database.
 */
public final class TestKeys {

	private TestKeys() {
	}

	/**
	 * A ring with one new key.
	 */
	public static KeyRing newRing() {
		KeyRing ring = new KeyRing();
		SigningKey key = newKey();
		ring.replace(key, List.of(key));
		return ring;
	}

	/**
	 * A new key that is in no ring.
	 */
	public static SigningKey newKey() {
		CryptoProvider provider = CryptoProvider.fastest(new Randomness());
		return SigningKey.of(KeyPairJwk.generate(provider), provider);
	}

	/**
	 * Lets a new key sign; the one before goes on verifying.
	 */
	public static void rotate(KeyRing ring) {
		SigningKey before = Objects.requireNonNull(ring.active());
		SigningKey next = newKey();
		ring.replace(next, List.of(next, before));
	}

	/**
	 * Leaves only the active key.
	 */
	public static void forgetOthers(KeyRing ring) {
		SigningKey active = Objects.requireNonNull(ring.active());
		ring.replace(active, List.of(active));
	}

}
