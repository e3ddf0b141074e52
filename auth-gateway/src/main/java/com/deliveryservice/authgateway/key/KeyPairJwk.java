package com.deliveryservice.authgateway.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;

/**
 * A key pair as a JWK (RFC 7517), private part included. Never prints itself.
 *
 * @param jwk with its thumbprint as {@code kid}
 */
record KeyPairJwk(ECKey jwk) {

	/**
	 * Draws a new pair. Takes a while: not for an event loop.
	 */
	static KeyPairJwk generate(CryptoProvider provider) {
		try {
			KeyPair pair = provider.keyPairGenerator().generateKeyPair();
			return new KeyPairJwk(new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
				.privateKey((ECPrivateKey) pair.getPrivate())
				.algorithm(JWSAlgorithm.ES256)
				.keyUse(KeyUse.SIGNATURE)
				.keyIDFromThumbprint()
				.build());
		}
		catch (GeneralSecurityException | JOSEException ex) {
			throw new IllegalStateException("EC key generation", ex);
		}
	}

	String kid() {
		return this.jwk.getKeyID();
	}

	/**
	 * The whole pair under the key, bound to its {@code kid}: neither can be exchanged in
	 * the table without being noticed.
	 */
	byte[] sealedBy(EncryptionKey key) {
		return key.seal(this.jwk.toJSONString().getBytes(StandardCharsets.UTF_8), kid());
	}

	/**
	 * Opens what {@link #sealedBy} made.
	 * @throws GeneralSecurityException if it is another key, or the row was changed
	 */
	static KeyPairJwk open(ByteBuffer sealed, String kid, EncryptionKey key) throws GeneralSecurityException {
		byte[] bytes = new byte[sealed.remaining()];
		sealed.duplicate().get(bytes);
		try {
			ECKey jwk = ECKey.parse(new String(key.open(bytes, kid), StandardCharsets.UTF_8));
			if (!jwk.isPrivate() || !kid.equals(jwk.computeThumbprint().toString())) {
				throw new GeneralSecurityException("not the key pair of this kid");
			}
			return new KeyPairJwk(jwk);
		}
		catch (ParseException | JOSEException ex) {
			throw new GeneralSecurityException("not a key pair", ex);
		}
	}

	@Override
	public String toString() {
		return "KeyPairJwk[" + kid() + "]";
	}

}
