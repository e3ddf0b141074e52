package com.deliveryservice.authgateway.ops;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.testing.GatewayProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The shipped jar refuses to start: what it says, and how it ends.
 */
class StartupIT {

	private static final Duration EXIT = Duration.ofSeconds(60);

	private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	@Test
	void withNothingSetEachMissingPropertyHasALine() throws InterruptedException {
		assertThat(refusal(Map.of())).hasSize(5)
			.anyMatch((line) -> line.contains("spring.r2dbc.url: missing (expected "))
			.anyMatch((line) -> line.contains("spring.r2dbc.username: missing (expected "))
			.anyMatch((line) -> line.contains("spring.r2dbc.password: missing (expected "))
			.anyMatch((line) -> line.contains("auth-gateway.workflow-auth.base-url: missing (expected "))
			.anyMatch((line) -> line.contains("auth-gateway.keys.encryption-key: missing (expected "));
	}

	@Test
	void wrongValuesOfOursAndOfBootHaveALineEach() throws InterruptedException {
		Map<String, String> properties = required();
		properties.put("auth-gateway.internal.port", "eighty");
		properties.put("auth-gateway.sesion.refresh-overlap", "5m");
		assertThat(refusal(properties)).hasSize(2)
			.anyMatch((line) -> line.endsWith("auth-gateway.internal.port: eighty (expected a whole number)"))
			.anyMatch((line) -> line.endsWith("auth-gateway.sesion.refresh-overlap: unknown property"));
	}

	@Test
	void aWrongPortOfTheEdgeIsSaidInOneLine() throws InterruptedException {
		Map<String, String> properties = required();
		properties.put("server.port", "eighty");
		assertThat(refusal(properties)).singleElement()
			.asString()
			.endsWith("server.port: eighty (expected a whole number)");
	}

	@Test
	void aTakenPortIsSaidInOneLine() throws InterruptedException, IOException {
		try (ServerSocket taken = new ServerSocket(0)) {
			Map<String, String> properties = required();
			properties.put("auth-gateway.internal.port", String.valueOf(taken.getLocalPort()));
			assertThat(refusal(properties)).singleElement()
				.asString()
				.endsWith("auth-gateway.internal.port: " + taken.getLocalPort() + " (already in use)");
			properties = required();
			properties.put("server.port", String.valueOf(taken.getLocalPort()));
			assertThat(refusal(properties)).singleElement()
				.asString()
				.endsWith("server.port: " + taken.getLocalPort() + " (already in use)");
		}
	}

	@Test
	void aCertificateThatCannotBeHadIsSaidInOneLine() throws InterruptedException {
		Map<String, String> properties = required();
		properties.put("server.ssl.bundle", "none");
		assertThat(refusal(properties)).singleElement()
			.asString()
			.endsWith("server.ssl.bundle: none (expected the name of a spring.ssl.bundle)");
		properties = required();
		properties.put("server.ssl.certificate", "/none/tls.crt");
		properties.put("server.ssl.certificate-private-key", "/none/tls.key");
		assertThat(refusal(properties)).singleElement()
			.asString()
			.contains("server.ssl: ")
			.contains("/none/tls.")
			.endsWith("(expected a private key and its certificate)");
	}

	/**
	 * The errors it prints before it ends with exit code 1; warnings and notes may
	 * precede them.
	 */
	private static List<String> refusal(Map<String, String> properties) throws InterruptedException {
		try (GatewayProcess gateway = GatewayProcess.start(properties)) {
			assertThat(gateway.exitCode(EXIT)).as(gateway.output()).isEqualTo(1);
			return gateway.output()
				.lines()
				.filter((line) -> !line.startsWith("WARNING: ") && !line.matches(".* (WARN|INFO) .*"))
				.toList();
		}
	}

	private static Map<String, String> required() {
		Map<String, String> required = new HashMap<>();
		required.put("server.port", "0");
		required.put("auth-gateway.internal.port", "0");
		required.put("spring.r2dbc.url", "r2dbc:postgresql://localhost:1/none");
		required.put("spring.r2dbc.username", "none");
		required.put("spring.r2dbc.password", "none");
		required.put("auth-gateway.workflow-auth.base-url", "http://localhost:1");
		required.put("auth-gateway.keys.encryption-key", KEY);
		return required;
	}

}
