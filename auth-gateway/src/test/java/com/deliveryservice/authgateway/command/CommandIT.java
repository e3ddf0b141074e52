package com.deliveryservice.authgateway.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.deliveryservice.authgateway.testing.GatewayProcess;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Commands of the shipped jar, configured as the server is: by variables and by a file.
 */
class CommandIT {

	private static final Duration WAIT = Duration.ofSeconds(60);

	private final TestDatabase database = TestDatabase.create();

	private final Path directory;

	CommandIT(@TempDir Path directory) {
		this.directory = directory;
	}

	@Test
	void anInvitationForTheFirstAdminIsPrintedOnAnEmptyDatabaseAndTheNewestIsGood() throws Exception {
		String first = invitation(run(0, "invite-admin"));
		String second = invitation(run(0, "invite-admin"));
		assertThat(second).isNotEqualTo(first);
		assertThat(open()).as("only the newest is good").containsExactly(digest(second));
		assertThat(text("SELECT string_agg(type, ' ') FROM auth.audit_event"))
			.isEqualTo("invitation_created invitation_created");
	}

	@Test
	void nothingOfTheServerRunsBesideACommand() throws Exception {
		try (GatewayProcess server = GatewayProcess.start(required())) {
			await().atMost(WAIT).until(() -> server.output().contains("admin invitation: "));
			// both ports of the server's are taken: a command that listened would fail
			String output = run(0, "invite-admin", "--server.port=" + server.edgePort(WAIT),
					"--auth-gateway.internal.port=" + server.internalPort(WAIT));
			assertThat(output.lines()).as(output).hasSize(1);
		}
	}

	@Test
	void whoIsAdminInvitesTheOthers() throws Exception {
		run(0, "invite-admin");
		this.database.execute("UPDATE auth.invitation SET used_at = now()");
		assertThat(run(1, "invite-admin"))
			.isEqualTo("There is or was an admin: further ones are invited by admins (POST /auth/invitations)\n");
	}

	@Test
	void anUnknownCommandIsToldWhichOnesThereAre() throws Exception {
		assertThat(run(2, "invite-everybody")).startsWith("unknown command invite-everybody\n")
			.contains("invite-admin");
	}

	@Test
	void helpNeedsNoConfiguration() throws Exception {
		try (GatewayProcess help = GatewayProcess.start(List.of("--help"), Map.of())) {
			assertThat(help.exitCode(WAIT)).as(help.output()).isZero();
			assertThat(help.output()).contains("Usage: ", "invite-admin").doesNotContain("\tat ");
		}
	}

	@Test
	void aMissingPropertyIsAMistakeOfConfiguration() throws Exception {
		try (GatewayProcess command = GatewayProcess.start(List.of("invite-admin"), Map.of())) {
			assertThat(command.exitCode(WAIT)).as(command.output()).isEqualTo(2);
			assertThat(command.output()).contains("spring.r2dbc.url: missing (expected ").doesNotContain("\tat ");
		}
	}

	@Test
	void aDatabaseThatIsAwayIsSaidInOneLine() throws Exception {
		assertThat(run(1, "invite-admin", "--spring.r2dbc.url=r2dbc:postgresql://localhost:1/none"))
			.contains("The database cannot be reached within 15 s")
			.doesNotContain("\tat ");
	}

	private String run(int exitCode, String... arguments) throws IOException, InterruptedException {
		Path config = this.directory.resolve("application.yaml");
		Files.writeString(config, "auth-gateway:\n  workflow-auth:\n    base-url: http://localhost:1\n");
		List<String> line = new ArrayList<>(List.of(arguments));
		line.add("--spring.config.additional-location=" + config.toUri());
		Map<String, String> variables = new HashMap<>();
		required().forEach((name, value) -> variables
			.put(name.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT), value));
		variables.remove("AUTHGATEWAY_WORKFLOWAUTH_BASEURL");
		try (GatewayProcess command = GatewayProcess.start(line, variables)) {
			assertThat(command.exitCode(WAIT)).as(command.output()).isEqualTo(exitCode);
			return command.output();
		}
	}

	private static String invitation(String output) {
		assertThat(output).matches("admin invitation: [A-Za-z0-9_-]{43}\n");
		return output.strip().substring("admin invitation: ".length());
	}

	private List<String> open() throws SQLException {
		return List.of(text("SELECT string_agg(encode(digest, 'hex'), ' ') FROM auth.invitation "
				+ "WHERE revoked_at IS NULL AND used_at IS NULL")
			.split(" "));
	}

	private static String digest(String secret) throws Exception {
		return HexFormat.of()
			.formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
	}

	private String text(String sql) throws SQLException {
		try (var connection = this.database.open();
				var statement = connection.createStatement();
				var rows = statement.executeQuery(sql)) {
			rows.next();
			return String.valueOf(rows.getString(1));
		}
	}

	private Map<String, String> required() {
		Map<String, String> required = new HashMap<>();
		required.put("server.port", "0");
		required.put("auth-gateway.internal.port", "0");
		required.put("spring.r2dbc.url", this.database.r2dbcUrl());
		required.put("spring.r2dbc.username", this.database.username());
		required.put("spring.r2dbc.password", this.database.password());
		required.put("auth-gateway.workflow-auth.base-url", "http://localhost:1");
		required.put("auth-gateway.keys.encryption-key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
		return required;
	}

}
