package com.deliveryservice.authgateway.key;

import java.nio.ByteBuffer;

/**
 * A new key pair as it is stored. Made where waiting for randomness does no harm: not on
 * an event loop.
 *
 * @param kid its id
 * @param publicJwk the public part, as JSON
 * @param sealed all of it, encrypted
 * @param encryptionKeyId with which key
 */
record SealedPair(String kid, String publicJwk, ByteBuffer sealed, String encryptionKeyId) {

	static SealedPair of(KeyPairJwk pair, EncryptionKey key) {
		return new SealedPair(pair.kid(), pair.jwk().toPublicJWK().toJSONString(), ByteBuffer.wrap(pair.sealedBy(key)),
				key.id());
	}

}
