package com.deliveryservice.authgateway.importing;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.deliveryservice.authgateway.testing.GatewayProcess;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The command of the shipped jar, in a process of its own that can be killed.
 */
class ImportUsersIT {

	private static final Duration WAIT = Duration.ofMinutes(2);

	private static final int ROWS = 30_000;

	private static final String HASH = "$2y$05$zbUrPgjIDu1vm.3BTLdLsONkx0u6dEZK2CS1.RF91nS/bfgKXxUBG";

	private final TestDatabase database = TestDatabase.create();

	private final Path file;

	ImportUsersIT(@TempDir Path directory) {
		this.file = directory.resolve("users.csv");
	}

	@Test
	void killedInTheMiddleItGoesOnWhereItWas() throws Exception {
		write(ROWS);
		try (GatewayProcess killed = start("--file", this.file.toString())) {
			Awaitility.await().atMost(WAIT).until(() -> !killed.isAlive() || imported() > 0);
			assertThat(killed.isAlive()).as(killed.output()).isTrue();
		}
		Awaitility.await().atMost(WAIT).until(this::nobodyIsAtIt);
		long first = imported();
		assertThat(first).isPositive().isLessThan(ROWS);
		assertThat(first % 200).as("whole batches").isZero();
		assertThat(count("SELECT count(*) FROM auth.user_account")).isEqualTo(first);
		assertThat(count("SELECT count(*) FROM auth.audit_event")).isEqualTo(first);
		assertThat(run(0))
			.contains("30,000 rows: %,d imported, %,d were there already, 0 refused".formatted(ROWS - first, first));
		assertThat(run(0)).contains("30,000 rows: 0 imported, 30,000 were there already, 0 refused");
		assertThat(count("SELECT count(*) FROM auth.user_account")).isEqualTo(ROWS);
		assertThat(count("SELECT count(*) FROM auth.audit_event WHERE type = 'user_imported'")).isEqualTo(ROWS);
	}

	@Test
	void refusedRowsAreReportedBesideTheFileAndByTheExitCode() throws Exception {
		Files.writeString(this.file, """
				login,email,phone_number,user_type,password_hash
				anna,anna@example.org,,customer,%s
				bert,bert@example.org,,customer,plain text
				""".formatted(HASH));
		assertThat(run(1))
			.contains("2 rows: 1 imported, 0 were there already, 1 refused",
					"Refused rows: " + this.file + ".refused.csv")
			.doesNotContain("plain text", "\tat ");
		assertThat(Files.readString(Path.of(this.file + ".refused.csv"))).contains("3,password_hash,")
			.doesNotContain("plain text");
	}

	private String run(int exitCode) throws InterruptedException {
		try (GatewayProcess command = start("--file", this.file.toString())) {
			assertThat(command.exitCode(WAIT)).as(command.output()).isEqualTo(exitCode);
			return command.output();
		}
	}

	private GatewayProcess start(String... options) {
		List<String> line = new ArrayList<>(List.of("import-users"));
		line.addAll(List.of(options));
		line.add("--spring.r2dbc.url=" + this.database.r2dbcUrl());
		line.add("--spring.r2dbc.username=" + this.database.username());
		line.add("--spring.r2dbc.password=" + this.database.password());
		line.add("--auth-gateway.workflow-auth.base-url=http://localhost:1");
		line.add("--auth-gateway.keys.encryption-key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
		return GatewayProcess.start(line, Map.of());
	}

	private void write(int rows) throws IOException {
		try (BufferedWriter writer = Files.newBufferedWriter(this.file)) {
			writer.write("login,email,phone_number,user_type,password_hash\n");
			for (int i = 0; i < rows; i++) {
				writer.write("user-" + i + ",user-" + i + "@example.org,,customer," + HASH + "\n");
			}
		}
	}

	private long imported() {
		return (count("SELECT count(*) FROM pg_tables WHERE schemaname = 'auth' AND tablename = 'imported_user'") > 0)
				? count("SELECT count(*) FROM auth.imported_user") : 0;
	}

	/**
	 * The server notices a little later that a client is gone.
	 */
	private boolean nobodyIsAtIt() {
		return count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
				+ "AND application_name = 'auth-gateway'") == 0;
	}

	private long count(String sql) {
		try (var connection = this.database.open();
				var statement = connection.createStatement();
				var rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getLong(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

}
