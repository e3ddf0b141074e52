package com.deliveryservice.authgateway.directory;

/**
 * The keyed hash of a verification code. The code itself is stored nowhere.
 *
 * @param keyId with which key
 * @param hash HMAC over the sign-up's id and the code
 */
@SuppressWarnings("ArrayRecordComponent")
public record CodeHash(String keyId, byte[] hash) {

	@Override
	public String toString() {
		return "CodeHash[…]";
	}

}
