package com.deliveryservice.authgateway.ops;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.deliveryservice.authgateway.testing.Certificate;
import com.deliveryservice.authgateway.testing.GatewayProcess;

import static org.assertj.core.api.Assertions.assertThat;

/** The shipped jar with a certificate, as an operator configures it. */
class EdgeTlsIT {

	private static final Duration START = Duration.ofSeconds(60);

	@Test
	void http2IsOfferedAndARenewedCertificateIsTakenWithoutARestart(@TempDir Path folder) throws Exception {
		Certificate first = Certificate.of(folder, "dns:localhost");
		Certificate second = Certificate.of(folder, "dns:localhost");
		install(first, folder);
		Map<String, String> properties = properties();
		properties.put("spring.ssl.bundle.pem.edge.keystore.certificate", folder.resolve("tls.crt").toString());
		properties.put("spring.ssl.bundle.pem.edge.keystore.private-key", folder.resolve("tls.key").toString());
		properties.put("spring.ssl.bundle.pem.edge.reload-on-update", "true");
		properties.put("spring.ssl.bundle.watch.file.quiet-period", "200ms");
		properties.put("server.ssl.bundle", "edge");
		try (GatewayProcess gateway = GatewayProcess.start(properties)) {
			int port = gateway.edgePort(START);
			HttpResponse<String> answer = get(first, port, "/nowhere");
			assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(answer.statusCode()).isEqualTo(404);
			HttpResponse<String> api = get(first, port, "/openapi.yaml");
			assertThat(api.statusCode()).isEqualTo(200);
			assertThat(api.body()).startsWith("openapi: ");
			install(second, folder);
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.ignoreExceptions()
				.untilAsserted(() -> assertThat(get(second, port, "/nowhere").statusCode()).isEqualTo(404));
		}
	}

	@Test
	void http2MayBeSwitchedOff(@TempDir Path folder) throws Exception {
		Certificate certificate = Certificate.of(folder, "dns:localhost");
		install(certificate, folder);
		Map<String, String> properties = properties();
		properties.put("server.ssl.certificate", folder.resolve("tls.crt").toString());
		properties.put("server.ssl.certificate-private-key", folder.resolve("tls.key").toString());
		properties.put("server.http2.enabled", "false");
		try (GatewayProcess gateway = GatewayProcess.start(properties)) {
			HttpResponse<String> answer = get(certificate, gateway.edgePort(START), "/nowhere");
			assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
			assertThat(answer.statusCode()).isEqualTo(404);
		}
	}

	private static void install(Certificate certificate, Path folder) throws Exception {
		for (String name : new String[] { "tls.key", "tls.crt" }) {
			Path fresh = folder.resolve(name + ".new");
			Files.writeString(fresh, name.endsWith("key") ? certificate.keyPem() : certificate.certificatePem());
			Files.move(fresh, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
		}
	}

	private static HttpResponse<String> get(Certificate trusted, int port, String path)
			throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
			.timeout(Duration.ofSeconds(5))
			.build();
		return HttpClient.newBuilder()
			.sslContext(trusted.context())
			.build()
			.send(request, HttpResponse.BodyHandlers.ofString());
	}

	private static Map<String, String> properties() {
		Map<String, String> properties = new HashMap<>();
		properties.put("server.port", "0");
		properties.put("auth-gateway.internal.port", "0");
		properties.put("spring.r2dbc.url", "r2dbc:postgresql://localhost:1/none");
		properties.put("spring.r2dbc.username", "none");
		properties.put("spring.r2dbc.password", "none");
		properties.put("auth-gateway.workflow-auth.base-url", "http://localhost:1");
		properties.put("auth-gateway.keys.encryption-key", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
		return properties;
	}

}
