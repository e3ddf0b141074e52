package com.deliveryservice.authgateway.key;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;

/**
 * Who computes ES256: Amazon Corretto Crypto Provider where there is a build of it, as it
 * verifies some twenty times faster than the JDK; else the JDK. It is asked by name, and
 * never installed for the whole JVM.
 */
final class CryptoProvider {

	private static final Logger logger = LoggerFactory.getLogger(CryptoProvider.class);

	private static final String CORRETTO = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

	private final @Nullable Provider provider;

	private final Randomness randomness;

	private CryptoProvider(@Nullable Provider provider, Randomness randomness) {
		this.provider = provider;
		this.randomness = randomness;
	}

	/**
	 * The fastest one that works here; says in the log which.
	 */
	static CryptoProvider fastest(Randomness randomness) {
		Provider provider = corretto();
		logger.info("ES256 is computed by {}", (provider != null) ? provider.getInfo() : "the JDK");
		return new CryptoProvider(provider, randomness);
	}

	static CryptoProvider jdk(Randomness randomness) {
		return new CryptoProvider(null, randomness);
	}

	KeyPairGenerator keyPairGenerator() throws GeneralSecurityException {
		KeyPairGenerator generator = (this.provider != null) ? KeyPairGenerator.getInstance("EC", this.provider)
				: KeyPairGenerator.getInstance("EC");
		generator.initialize(Curve.P_256.toECParameterSpec());
		return generator;
	}

	ECDSASigner signer(ECPrivateKey key) throws JOSEException, GeneralSecurityException {
		ECDSASigner signer = new ECDSASigner(ECPrivateKey.class.cast(prepared(key)));
		signer.getJCAContext().setSecureRandom(this.randomness.secureRandom());
		if (this.provider != null) {
			signer.getJCAContext().setProvider(this.provider);
		}
		return signer;
	}

	ECDSAVerifier verifier(ECPublicKey key) throws JOSEException, GeneralSecurityException {
		ECDSAVerifier verifier = new ECDSAVerifier(ECPublicKey.class.cast(prepared(key)));
		if (this.provider != null) {
			verifier.getJCAContext().setProvider(this.provider);
		}
		return verifier;
	}

	/** In the provider's own form, so that it is not converted at each use. */
	private Key prepared(Key key) throws GeneralSecurityException {
		return (this.provider != null) ? KeyFactory.getInstance("EC", this.provider).translateKey(key) : key;
	}

	private static @Nullable Provider corretto() {
		try {
			Class<?> type = Class.forName(CORRETTO);
			Provider provider = (Provider) type.getField("INSTANCE").get(null);
			type.getMethod("assertHealthy").invoke(provider);
			return provider;
		}
		catch (ReflectiveOperationException | LinkageError | ClassCastException ex) {
			logger.debug("Amazon Corretto Crypto Provider is not here", ex);
			return null;
		}
	}

}
