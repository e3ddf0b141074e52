package com.deliveryservice.authgateway.key;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class KeyAndTokenSettingsTests {

	private static final String KEY = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I=";

	@Test
	void theDefaultsAreThoseOfTheContract() {
		KeySettings keys = keys(Map.of("auth-gateway.keys.encryption-key", KEY));
		assertThat(keys.rotateEvery()).isEqualTo(Duration.ofDays(30));
		assertThat(keys.publishBefore()).isEqualTo(Duration.ofDays(1));
		TokenSettings tokens = tokens(Map.of());
		assertThat(tokens).isEqualTo(new TokenSettings(Duration.ofMinutes(5), "delivery-api", Duration.ofSeconds(10),
				Duration.ofMinutes(15)));
		assertThat(tokens.longestUse()).isEqualTo(Duration.ofSeconds(1210));
	}

	@Test
	void aMissingEncryptionKeyIsNamed() {
		refused(() -> keys(Map.of("auth-gateway.keys.rotate-every", "30d")),
				"auth-gateway.keys.encryption-key: missing (expected base64 of 32 bytes)");
		refused(() -> keys(Map.of("auth-gateway.keys.encryption-key", " ")),
				"auth-gateway.keys.encryption-key: missing (expected base64 of 32 bytes)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "short", "c2hvcnQ=", "not base64 at all, whatever length it may have", KEY + "AAAA" })
	void aWrongEncryptionKeyIsNotShown(String key) {
		refused(() -> keys(Map.of("auth-gateway.keys.encryption-key", key)),
				"auth-gateway.keys.encryption-key: (not shown) (expected base64 of 32 bytes)");
		refused(() -> keys(
				Map.of("auth-gateway.keys.encryption-key", KEY, "auth-gateway.keys.previous-encryption-key", key)),
				"auth-gateway.keys.previous-encryption-key: (not shown) (expected base64 of 32 bytes)");
	}

	@Test
	void anEmptyPreviousKeyIsNone() {
		assertThat(
				keys(Map.of("auth-gateway.keys.encryption-key", KEY, "auth-gateway.keys.previous-encryption-key", ""))
					.previousKey())
			.isNull();
	}

	@Test
	void rotationLeavesTimeToPublish() {
		refused(() -> keys(Map.of("auth-gateway.keys.encryption-key", KEY, "auth-gateway.keys.rotate-every", "24h")),
				"auth-gateway.keys.rotate-every: PT24H (expected 1m or more, and longer than publish-before, PT24H)");
	}

	@Test
	void theKeysDoNotPrint() {
		KeySettings settings = keys(
				Map.of("auth-gateway.keys.encryption-key", KEY, "auth-gateway.keys.previous-encryption-key", KEY));
		assertThat(settings.toString()).doesNotContain(KEY);
	}

	@Test
	void wrongTokenSettingsAreRefused() {
		refused(() -> tokens(Map.of("auth-gateway.token.lifetime", "0s")),
				"auth-gateway.token.lifetime: PT0S (expected 1s to 1h)");
		refused(() -> tokens(Map.of("auth-gateway.token.audience", " ")),
				"auth-gateway.token.audience:   (expected a name of at most 200 characters)");
		refused(() -> tokens(Map.of("auth-gateway.token.clock-skew", "-1s")),
				"auth-gateway.token.clock-skew: PT-1S (expected 0s to 5m)");
		refused(() -> tokens(Map.of("auth-gateway.token.outage-grace", "25h")),
				"auth-gateway.token.outage-grace: PT25H (expected 0s to 24h)");
	}

	private static KeySettings keys(Map<String, String> properties) {
		return bind("auth-gateway.keys", KeySettings.class, properties);
	}

	private static TokenSettings tokens(Map<String, String> properties) {
		return bind("auth-gateway.token", TokenSettings.class, properties);
	}

	private static <T> T bind(String prefix, Class<T> type, Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(prefix, type);
	}

	private static void refused(Runnable binding, String message) {
		assertThatExceptionOfType(Exception.class).isThrownBy(binding::run).havingRootCause().withMessage(message);
	}

}
