package com.deliveryservice.authgateway.key;

import java.nio.ByteBuffer;

/**
 * A row of {@code auth.signing_key}.
 *
 * @param kid the key's id
 * @param status next, active or retired
 * @param sealed the key pair, encrypted
 * @param encryptionKeyId with which key
 */
record StoredKey(String kid, String status, ByteBuffer sealed, String encryptionKeyId) {

	static final String ACTIVE = "active";

	boolean isActive() {
		return ACTIVE.equals(this.status);
	}

	@Override
	public String toString() {
		return "StoredKey[" + this.kid + ", " + this.status + "]";
	}

}
