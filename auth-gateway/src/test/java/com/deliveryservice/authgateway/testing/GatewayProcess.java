package com.deliveryservice.authgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

/**
 * The shipped jar as a process of its own, for tests that run after {@code package}.
 */
public final class GatewayProcess implements AutoCloseable {

	private static final Path JAR = Path.of("target", "auth-gateway.jar");

	private static final Pattern STARTED = Pattern.compile("edge on port (\\d+), internal listener on port (\\d+)");

	private final Process process;

	private final Path output;

	private GatewayProcess(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	/**
	 * Starts the jar with nothing of this process's configuration.
	 * @param properties given as command line arguments
	 */
	public static GatewayProcess start(Map<String, String> properties) {
		List<String> arguments = new ArrayList<>();
		properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
		return start(arguments, Map.of());
	}

	/**
	 * Starts the jar with a command line and variables, and with nothing else of this
	 * process's configuration.
	 */
	public static GatewayProcess start(List<String> arguments, Map<String, String> variables) {
		List<String> command = new ArrayList<>();
		command.add(ProcessHandle.current().info().command().orElse("java"));
		command.add("-Xmx256m");
		// it lives for seconds: what the second compiler does would not pay
		command.add("-XX:TieredStopAtLevel=1");
		command.add("-XX:+UseSerialGC");
		command.add("-jar");
		command.add(JAR.toString());
		command.addAll(arguments);
		try {
			Path output = Files.createTempFile(Path.of("target"), "gateway", ".log");
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(output.toFile());
			builder.environment().keySet().removeIf((name) -> name.matches("(?i)(auth_?gateway|spring|server).*"));
			builder.environment().putAll(variables);
			return new GatewayProcess(builder.start(), output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Waits for the process to end.
	 * @return its exit code
	 */
	public int exitCode(Duration atMost) throws InterruptedException {
		if (!this.process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new IllegalStateException("still running after " + atMost + ":\n" + output());
		}
		return this.process.exitValue();
	}

	/**
	 * Asks it to end, as Kubernetes does.
	 */
	public void terminate() {
		this.process.destroy();
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Everything that it printed so far.
	 */
	public String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The edge's port, which it tells when it has started.
	 */
	public int edgePort(Duration atMost) {
		return port(1, atMost);
	}

	/**
	 * The internal listener's port, which it tells when it has started.
	 */
	public int internalPort(Duration atMost) {
		return port(2, atMost);
	}

	private int port(int group, Duration atMost) {
		Matcher[] found = new Matcher[1];
		Awaitility.await().atMost(atMost).until(() -> {
			found[0] = STARTED.matcher(output());
			return found[0].find() || !isAlive();
		});
		if (!isAlive()) {
			throw new IllegalStateException("has ended:\n" + output());
		}
		return Integer.parseInt(found[0].group(group));
	}

	/**
	 * Gets a path of a port of it.
	 * @return the status and the body, or 0 and the reason if nothing answers
	 */
	public static Answer get(int port, String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.timeout(Duration.ofSeconds(5))
			.build();
		try {
			HttpResponse<String> response = HttpClient.newHttpClient()
				.send(request, HttpResponse.BodyHandlers.ofString());
			return new Answer(response.statusCode(), response.body());
		}
		catch (IOException ex) {
			return new Answer(0, String.valueOf(ex));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	/**
	 * What a port answered.
	 *
	 * @param status the HTTP status, or 0
	 * @param body the body, or why there is none
	 */
	public record Answer(int status, String body) {

	}

}
