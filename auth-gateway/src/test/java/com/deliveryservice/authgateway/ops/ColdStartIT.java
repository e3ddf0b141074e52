package com.deliveryservice.authgateway.ops;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.testing.GatewayProcess;
import com.deliveryservice.authgateway.testing.GatewayProcess.Answer;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The shipped jar against a real PostgreSQL, and without one. Nobody serves
 * workflow-auth.
 */
class ColdStartIT {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private static final String LIVENESS = "/actuator/health/liveness";

	private static final String READINESS = "/actuator/health/readiness";

	private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	private static final String OTHER_KEY = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

	@Test
	void isReadyOnceItsDatabaseIsMigratedAndServesItsKeys() throws InterruptedException {
		TestDatabase database = TestDatabase.create();
		try (GatewayProcess gateway = GatewayProcess.start(settings(database.r2dbcUrl(), KEY))) {
			awaitReady(gateway);
			Answer keys = GatewayProcess.get(gateway.edgePort(PATIENCE), "/.well-known/jwks.json");
			assertThat(keys.status()).isEqualTo(200);
			assertThat(keys.body()).contains("\"kty\":\"EC\"").doesNotContain("\"d\"");
			assertThat(GatewayProcess.get(gateway.edgePort(PATIENCE), LIVENESS).status()).isEqualTo(404);
			await().atMost(PATIENCE).until(() -> gateway.output().contains("admin invitation: "));
			assertThat(gateway.output()
				.lines()
				.filter((line) -> !line.startsWith("WARNING: ") && !line.matches(".*\\] audit +: \\{.*")))
				.as(gateway.output())
				.hasSizeLessThan(7)
				.noneMatch((line) -> line.contains("password") || line.contains("WARN") || line.contains("ERROR"));
			gateway.terminate();
			assertThat(gateway.exitCode(PATIENCE)).isIn(0, 143);
		}
		try (GatewayProcess gateway = GatewayProcess.start(settings(database.r2dbcUrl(), OTHER_KEY))) {
			assertThat(gateway.exitCode(PATIENCE)).as(gateway.output()).isEqualTo(1);
			assertThat(gateway.output()).contains("auth-gateway.keys.encryption-key").doesNotContain(OTHER_KEY);
		}
	}

	@Test
	void livesWithoutADatabaseBecomesReadyWithItAndStaysSoWithoutIt() throws IOException {
		int port = freePort();
		try (GatewayProcess gateway = GatewayProcess
			.start(settings("r2dbc:postgresql://localhost:" + port + "/postgres", KEY))) {
			int internal = gateway.internalPort(PATIENCE);
			assertThat(GatewayProcess.get(internal, LIVENESS).status()).isEqualTo(200);
			assertThat(GatewayProcess.get(internal, READINESS).status()).isEqualTo(503);
			try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().setPort(port).start()) {
				assertThat(postgres.getPort()).isEqualTo(port);
				awaitReady(gateway);
			}
			assertThat(GatewayProcess.get(internal, READINESS).status()).as("without the database again")
				.isEqualTo(200);
			assertThat(GatewayProcess.get(internal, LIVENESS).status()).isEqualTo(200);
			assertThat(gateway.isAlive()).isTrue();
		}
	}

	private static void awaitReady(GatewayProcess gateway) {
		int internal = gateway.internalPort(PATIENCE);
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(GatewayProcess.get(internal, READINESS).status()).as(gateway.output())
				.isEqualTo(200));
	}

	private static Map<String, String> settings(String r2dbcUrl, String key) {
		Map<String, String> settings = new HashMap<>();
		settings.put("server.port", "0");
		settings.put("auth-gateway.internal.port", "0");
		settings.put("spring.r2dbc.url", r2dbcUrl);
		settings.put("spring.r2dbc.username", "postgres");
		settings.put("spring.r2dbc.password", "postgres");
		settings.put("auth-gateway.workflow-auth.base-url", "http://localhost:1");
		settings.put("auth-gateway.keys.encryption-key", key);
		return settings;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}
