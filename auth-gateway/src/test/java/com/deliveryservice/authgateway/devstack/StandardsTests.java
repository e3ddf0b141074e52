package com.deliveryservice.authgateway.devstack;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Independent implementations of the standards, in another language, against a running
 * gateway: what they check is in {@code src/test/standards}. Skipped where there is no
 * Node.js, or no way to its packages.
 */
class StandardsTests {

	private static final Path SCRIPTS = Path.of("src", "test", "standards");

	private static final long DEADLINE_SECONDS = 120;

	private static final String COUNT = "(?ms).*^# pass (\\d+)$.*";

	@Test
	void independentLibrariesFindNothingToObjectTo() throws IOException, InterruptedException {
		assumeTrue(version("node").matches("v(1[89]|[2-9]\\d)\\..*"), "Node.js 18 or later is not installed");
		installPackages();
		int port = freePort();
		try (DevStack stack = DevStack.startOnFreePorts("--server.port=" + port)) {
			Finished checks = run(List.of("node", "--test-reporter=tap", "standards.mjs", argument(stack, port)));
			assertThat(checks.exitCode()).as(checks.output()).isZero();
			assertThat(checks.output()).containsPattern("(?m)^# fail 0$").containsPattern("(?m)^# skipped 0$");
			assertThat(Integer.parseInt(checks.output().replaceFirst(COUNT, "$1"))).as(checks.output())
				.isGreaterThan(10);
		}
	}

	private static String argument(DevStack stack, int port) {
		return JsonMapper.shared()
			.writeValueAsString(Map.of("issuer", "http://localhost:" + port, "internal", stack.internalUrl(), "client",
					GatewayProperties.INTROSPECT_CLIENT, "secret", GatewayProperties.INTROSPECT_SECRET, "login",
					"courier", "password", DemoUsers.PASSWORD, "backend", "/api/courier/x", "forbidden",
					"/api/manager/x"));
	}

	private static void installPackages() throws IOException, InterruptedException {
		if (Files.isDirectory(SCRIPTS.resolve("node_modules").resolve("jose"))) {
			return;
		}
		assumeTrue(!version("npm").isEmpty(), "npm is not installed");
		Finished install = run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
		if (install.exitCode() != 0) {
			abort("npm cannot fetch the packages: " + install.output());
		}
	}

	/** Of a command; empty if there is none. */
	private static String version(String command) throws InterruptedException {
		try {
			return run(List.of(command, "--version")).output().strip();
		}
		catch (IOException ex) {
			return "";
		}
	}

	private static Finished run(List<String> command) throws IOException, InterruptedException {
		Path output = Files.createTempFile(Path.of("target"), "standards", ".log");
		Process process = new ProcessBuilder(command).directory(SCRIPTS.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
			process.destroyForcibly();
			throw new AssertionError(command.get(0) + " takes too long: " + Files.readString(output));
		}
		return new Finished(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private record Finished(int exitCode, String output) {

	}

}
