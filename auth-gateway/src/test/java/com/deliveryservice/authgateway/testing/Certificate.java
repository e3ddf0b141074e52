package com.deliveryservice.authgateway.testing;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * A certificate that the JDK's keytool made and signed with its own key.
 *
 * @param store with its private key
 */
public record Certificate(KeyStore store) {

	private static final String PASSWORD = "only-for-tests";

	/**
	 * Makes one for {@code localhost}.
	 */
	public static Certificate ofLocalhost() {
		try {
			Path folder = Files.createTempDirectory("certificate");
			folder.toFile().deleteOnExit();
			return of(folder, "dns:localhost");
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Makes one.
	 * @param folder for a file
	 * @param name whom it is for, such as {@code dns:localhost}
	 */
	public static Certificate of(Path folder, String name) throws Exception {
		Path file = Files.createTempFile(folder, "it", ".p12");
		Files.delete(file);
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "it", "-keyalg", "EC", "-dname", "CN=it", "-ext", "SAN=" + name, "-validity",
				"2", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		if (!keytool.waitFor(20, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
			throw new IllegalStateException("keytool made no certificate");
		}
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(file)) {
			store.load(in, PASSWORD.toCharArray());
		}
		return new Certificate(store);
	}

	/**
	 * For the server that has it.
	 */
	public KeyManagerFactory keys() throws Exception {
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(this.store, PASSWORD.toCharArray());
		return keys;
	}

	/**
	 * This certificate with the private key of another, as a renewal that was interrupted
	 * leaves them.
	 */
	public Certificate withKeyOf(Certificate other) throws Exception {
		KeyStore mixed = KeyStore.getInstance("PKCS12");
		mixed.load(null, null);
		mixed.setKeyEntry("it", other.store.getKey("it", PASSWORD.toCharArray()), PASSWORD.toCharArray(),
				new java.security.cert.Certificate[] { this.store.getCertificate("it") });
		return new Certificate(mixed);
	}

	/**
	 * The certificate, and the key (PKCS #8), as PEM.
	 */
	public String certificatePem() throws Exception {
		return pem("CERTIFICATE", this.store.getCertificate("it").getEncoded());
	}

	public String keyPem() throws Exception {
		return pem("PRIVATE KEY", this.store.getKey("it", PASSWORD.toCharArray()).getEncoded());
	}

	private static String pem(String what, byte[] encoded) {
		return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END " + what
				+ "-----\n";
	}

	/**
	 * For a server of Spring Boot.
	 */
	public SslBundle bundle() {
		return SslBundle.of(SslStoreBundle.of(this.store, PASSWORD, null));
	}

	/**
	 * For a client of the JDK that trusts it and nothing else.
	 */
	public SSLContext context() {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, trust().getTrustManagers(), null);
			return context;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * For a client that trusts it and nothing else.
	 */
	public TrustManagerFactory trust() throws Exception {
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("it", this.store.getCertificate("it"));
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trusted);
		return trust;
	}

}
