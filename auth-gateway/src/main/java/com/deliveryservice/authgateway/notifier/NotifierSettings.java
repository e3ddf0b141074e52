package com.deliveryservice.authgateway.notifier;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.notifier.*} (contract/configuration.md).
 *
 * @param url where notifications are posted, absolute, http or https; {@code null}: there
 * is no notifier
 * @param username of the Basic credentials that it asks for, or {@code null}
 * @param password of these
 * @param connectTimeout for a new connection
 * @param timeout for one notification, the connection included
 * @param maxConcurrent most notifications at once, of one replica
 * @param sslBundle the {@code spring.ssl.bundle} that says whom to trust, or {@code null}
 * for what the JVM trusts
 */
@ConfigurationProperties("auth-gateway.notifier")
record NotifierSettings(@Nullable String url, @Nullable String username, @Nullable String password,
		@DefaultValue("1s") Duration connectTimeout, @DefaultValue("3s") Duration timeout,
		@DefaultValue("8") int maxConcurrent, @Nullable String sslBundle) {

	private static final String PREFIX = "auth-gateway.notifier.";

	private static final Duration LONGEST = Duration.ofMinutes(1);

	NotifierSettings {
		url = (url == null || url.isBlank()) ? null : url;
		check(url == null || isUrl(url), "url", url, "an absolute http or https URL without user and password");
		check(isTimeout(connectTimeout), "connect-timeout", connectTimeout, "1ms to 1m");
		check(isTimeout(timeout), "timeout", timeout, "1ms to 1m");
		check(maxConcurrent >= 1 && maxConcurrent <= 100, "max-concurrent", maxConcurrent, "1 to 100");
		check(username == null || !username.contains(":"), "username", username, "no colon in it");
		if ((username == null) != (password == null)) {
			throw new IllegalArgumentException(PREFIX + ((username == null) ? "username" : "password")
					+ ": missing (expected both username and password, or neither)");
		}
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
		return "NotifierSettings[…]";
	}

	private static boolean isUrl(String value) {
		try {
			URI url = URI.create(value);
			boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
			return http && url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static boolean isTimeout(Duration value) {
		return value.toMillis() >= 1 && value.compareTo(LONGEST) <= 0;
	}

	private static void check(boolean right, String property, @Nullable Object value, String expected) {
		if (!right) {
			throw new IllegalArgumentException(PREFIX + property + ": " + value + " (expected " + expected + ")");
		}
	}

}
