package com.deliveryservice.authgateway.key;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;

/**
 * One ES256 key pair (RFC 7518 §3.4), ready to sign and to verify. Safe on an event loop
 * and from many threads.
 */
public final class SigningKey {

	private static final JWSHeader ES256 = new JWSHeader(JWSAlgorithm.ES256);

	private final ECKey publicJwk;

	private final String kid;

	private final ECDSASigner signer;

	private final ECDSAVerifier verifier;

	private SigningKey(ECKey publicJwk, ECDSASigner signer, ECDSAVerifier verifier) {
		this.publicJwk = publicJwk;
		this.kid = publicJwk.getKeyID();
		this.signer = signer;
		this.verifier = verifier;
	}

	static SigningKey of(KeyPairJwk pair, CryptoProvider provider) {
		try {
			ECKey jwk = pair.jwk();
			return new SigningKey(jwk.toPublicJWK(), provider.signer(jwk.toECPrivateKey()),
					provider.verifier(jwk.toECPublicKey()));
		}
		catch (JOSEException | GeneralSecurityException ex) {
			throw new IllegalStateException("not an ES256 key pair", ex);
		}
	}

	/**
	 * The key's id: its RFC 7638 thumbprint.
	 */
	public String kid() {
		return this.kid;
	}

	/**
	 * Signs.
	 * @param signingInput {@code header.payload}, ASCII
	 * @return the signature, base64url
	 */
	public String sign(String signingInput) {
		try {
			return this.signer.sign(ES256, signingInput.getBytes(StandardCharsets.US_ASCII)).toString();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException("ES256", ex);
		}
	}

	/**
	 * Verifies.
	 * @param signingInput {@code header.payload}, ASCII
	 * @param signature base64url
	 * @return whether this key signed it; {@code false} for whatever is no signature
	 */
	public boolean verify(String signingInput, String signature) {
		try {
			return this.verifier.verify(ES256, signingInput.getBytes(StandardCharsets.US_ASCII),
					new Base64URL(signature));
		}
		catch (JOSEException ex) {
			return false;
		}
	}

	ECKey publicJwk() {
		return this.publicJwk;
	}

	@Override
	public String toString() {
		return "SigningKey[" + this.kid + "]";
	}

}
