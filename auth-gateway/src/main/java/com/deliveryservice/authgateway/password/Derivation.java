package com.deliveryservice.authgateway.password;

import org.jspecify.annotations.Nullable;

/**
 * A slow function with its cost.
 */
sealed interface Derivation permits Argon2, Bcrypt, Pbkdf2 {

	/**
	 * Computes a tag.
	 * @param password in clear
	 * @param salt of the stored hash
	 * @param length of the tag in bytes
	 */
	byte[] derive(String password, byte[] salt, int length);

	/**
	 * Its name in a PHC string, with the version if it has one.
	 */
	String id();

	/**
	 * Its cost in a PHC string.
	 */
	String parameters();

	/**
	 * Why a hash with this cost is not taken from elsewhere: somebody who signs in would
	 * keep a core for more than about half a second, or the heap.
	 * @param length of the tag in bytes
	 * @return "expected …", or {@code null} if it is taken
	 */
	@Nullable String tooMuch(int length);

}
