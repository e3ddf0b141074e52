package com.deliveryservice.authgateway.chain;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.deliveryservice.authgateway.testing.GatewayProcess;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The shipped jar serves, and is then asked by its other self whether the trail is whole.
 */
class AuditVerifyIT {

	private static final Duration WAIT = Duration.ofSeconds(90);

	private final TestDatabase database = TestDatabase.create();

	@Test
	void whatServedIsWholeUntilSomebodyChangesIt(@TempDir Path directory) throws Exception {
		Path log = directory.resolve("gateway.log");
		try (GatewayProcess server = GatewayProcess.start(properties())) {
			await().atMost(WAIT).until(() -> server.output().contains("admin invitation: "));
			await().atMost(WAIT).until(() -> server.output().contains("\"type\":\"chain_head\""));
			server.terminate();
			assertThat(server.exitCode(WAIT)).isEqualTo(143);
			Files.writeString(log, server.output());
		}
		assertThat(verify(0, "--log", log.toString())).contains("The audit trail is whole.")
			.contains("end: as long as the log says, up to link ");
		assertThat(verify(0)).contains("end: not proven");
		assertThat(verify(2, "--expect-head", "7")).contains("--expect-head: 7 (expected number:digest");
		assertThat(verify(2, "--log", directory.resolve("none").toString()))
			.contains("expected a file that can be read");
		tamper("UPDATE auth.audit_event SET detail = '{}' WHERE type = 'invitation_created'");
		assertThat(verify(1, "--log", log.toString())).containsPattern(
				"FOUND: link \\d+, event [0-9a-f-]{36} \\(invitation_created, .*\\): the event was changed");
		tamper("DELETE FROM auth.audit_event");
		tamper("DELETE FROM auth.audit_link");
		assertThat(verify(1, "--log", log.toString())).contains("the tail was cut off: the chain ends at link 0");
	}

	private String verify(int exitCode, String... options) throws InterruptedException {
		List<String> arguments = new ArrayList<>(List.of("audit-verify"));
		arguments.addAll(List.of(options));
		properties().forEach((name, value) -> arguments.add("--" + name + "=" + value));
		try (GatewayProcess command = GatewayProcess.start(arguments, Map.of())) {
			assertThat(command.exitCode(WAIT)).as(command.output()).isEqualTo(exitCode);
			assertThat(command.output()).doesNotContain("\tat ");
			return command.output();
		}
	}

	private void tamper(String sql) throws Exception {
		try (Connection connection = this.database.open(); Statement statement = connection.createStatement()) {
			statement.execute("SET session_replication_role = replica");
			statement.execute(sql);
		}
	}

	private Map<String, String> properties() {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("server.port", "0");
		properties.put("auth-gateway.internal.port", "0");
		properties.put("spring.r2dbc.url", this.database.r2dbcUrl());
		properties.put("spring.r2dbc.username", this.database.username());
		properties.put("spring.r2dbc.password", this.database.password());
		properties.put("auth-gateway.workflow-auth.base-url", "http://localhost:1");
		properties.put("auth-gateway.keys.encryption-key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
		return properties;
	}

}
