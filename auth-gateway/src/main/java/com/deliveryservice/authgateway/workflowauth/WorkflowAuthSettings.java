package com.deliveryservice.authgateway.workflowauth;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.workflow-auth.*} (contract/configuration.md).
 *
 * @param baseUrl absolute, http or https; required
 * @param connectTimeout for a new connection, with its TLS handshake covered by
 * {@code timeout}
 * @param timeout for all calls that one client request causes
 * @param timeZone of dates without offset
 * @param username of the Basic credentials that workflow-auth asks for, or {@code null}
 * @param password of these
 * @param maxConcurrent most calls at once; one more is refused as overload
 * @param sslBundle the {@code spring.ssl.bundle} that says whom to trust, or {@code null}
 * for what the JVM trusts
 */
@ConfigurationProperties("auth-gateway.workflow-auth")
public record WorkflowAuthSettings(@Nullable String baseUrl, @DefaultValue("1s") Duration connectTimeout,
		@DefaultValue("3s") Duration timeout, @DefaultValue("UTC") String timeZone, @Nullable String username,
		@Nullable String password, @DefaultValue("50") int maxConcurrent, @Nullable String sslBundle) {

	private static final String EXPECTED_URL = "an absolute http or https URL without query";

	private static final Duration LONGEST = Duration.ofMinutes(1);

	public WorkflowAuthSettings {
		if (baseUrl == null || baseUrl.isBlank()) {
			throw new IllegalArgumentException(
					"auth-gateway.workflow-auth.base-url: missing (expected " + EXPECTED_URL + ")");
		}
		check(isBaseUrl(baseUrl), "base-url", baseUrl, EXPECTED_URL);
		check(isTimeout(connectTimeout), "connect-timeout", connectTimeout, "1ms to 1m");
		check(isTimeout(timeout), "timeout", timeout, "1ms to 1m");
		check(isZone(timeZone), "time-zone", timeZone, "a time zone such as UTC or Europe/Berlin");
		check(maxConcurrent >= 1 && maxConcurrent <= 10_000, "max-concurrent", maxConcurrent, "1 to 10000");
		check(username == null || !username.contains(":"), "username", username, "no colon in it");
		if ((username == null) != (password == null)) {
			throw new IllegalArgumentException(
					"auth-gateway.workflow-auth." + ((username == null) ? "username" : "password")
							+ ": missing (expected both username and password, or neither)");
		}
	}

	/**
	 * The address of an operation.
	 */
	String url(Operation operation) {
		String base = String.valueOf(this.baseUrl);
		return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + operation.path();
	}

	ZoneId zone() {
		return ZoneId.of(this.timeZone);
	}

	/**
	 * The value of {@code Authorization} (RFC 7617), or {@code null} if there are no
	 * credentials.
	 */
	@Nullable String authorization() {
		if (this.username == null) {
			return null;
		}
		byte[] credentials = (this.username + ":" + this.password).getBytes(StandardCharsets.UTF_8);
		return "Basic " + Base64.getEncoder().encodeToString(credentials);
	}

	@Override
	public String toString() {
		return "WorkflowAuthSettings[baseUrl=" + this.baseUrl + "]";
	}

	private static boolean isBaseUrl(String value) {
		try {
			URI url = URI.create(value);
			boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
			return http && url.getHost() != null && url.getRawUserInfo() == null && url.getRawQuery() == null
					&& url.getRawFragment() == null;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static boolean isTimeout(Duration value) {
		return value.toMillis() >= 1 && value.compareTo(LONGEST) <= 0;
	}

	private static boolean isZone(String value) {
		try {
			ZoneId.of(value);
			return true;
		}
		catch (DateTimeException ex) {
			return false;
		}
	}

	private static void check(boolean right, String property, @Nullable Object value, String expected) {
		if (!right) {
			throw new IllegalArgumentException(
					"auth-gateway.workflow-auth." + property + ": " + value + " (expected " + expected + ")");
		}
	}

}
