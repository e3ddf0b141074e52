package com.deliveryservice.authgateway.forward;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/**
 * Looks at what a TLS server is to prove itself with, before any client does: half of a
 * renewed pair would let every handshake fail.
 */
final class ServerKey {

	private static final List<String> TYPES = List.of("EC", "RSA", "EdDSA");

	private static final byte[] PROBE = { 1 };

	private ServerKey() {
	}

	/**
	 * Makes sure that there is a key, and that it is the one of its certificate.
	 * @throws IllegalArgumentException if there is none, or it is another's
	 */
	static void check(KeyManagerFactory keys) {
		boolean found = false;
		for (KeyManager manager : keys.getKeyManagers()) {
			if (manager instanceof X509KeyManager holder) {
				found |= check(holder);
			}
		}
		if (!found) {
			throw new IllegalArgumentException("there is no private key with a certificate");
		}
	}

	private static boolean check(X509KeyManager holder) {
		boolean found = false;
		for (String type : TYPES) {
			String[] aliases = holder.getServerAliases(type, null);
			if (aliases != null) {
				for (String alias : aliases) {
					check(holder.getPrivateKey(alias), holder.getCertificateChain(alias)[0]);
					found = true;
				}
			}
		}
		return found;
	}

	private static void check(PrivateKey key, X509Certificate certificate) {
		String algorithm = switch (key.getAlgorithm()) {
			case "EC" -> "SHA256withECDSA";
			case "RSA" -> "SHA256withRSA";
			default -> key.getAlgorithm();
		};
		try {
			Signature signature = Signature.getInstance(algorithm);
			signature.initSign(key);
			signature.update(PROBE);
			byte[] signed = signature.sign();
			signature.initVerify(certificate.getPublicKey());
			signature.update(PROBE);
			if (!signature.verify(signed)) {
				throw new IllegalArgumentException("the private key is not that of the certificate");
			}
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalArgumentException("the private key does not fit the certificate", ex);
		}
	}

}
