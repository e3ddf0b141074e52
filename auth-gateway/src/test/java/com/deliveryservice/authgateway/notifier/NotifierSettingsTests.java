package com.deliveryservice.authgateway.notifier;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class NotifierSettingsTests {

	@ParameterizedTest
	@ValueSource(strings = { "notifier", "ftp://notifier/x", "http:///x", "http://user:hush@notifier/x", "http://n/#x",
			"http://n o/" })
	void aUrlThatIsNoneStopsTheStart(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> settings(url, null, null))
			.withMessageStartingWith("auth-gateway.notifier.url: ");
	}

	@Test
	void anEmptyUrlIsNone() {
		assertThat(settings("", null, null).url()).isNull();
		assertThat(settings("https://notifier.example/v1/send?from=gateway", null, null).url()).isNotNull();
	}

	@Test
	void halfOfTheCredentialsStopsTheStart() {
		assertThatIllegalArgumentException().isThrownBy(() -> settings("http://n/", "a", null))
			.withMessage("auth-gateway.notifier.password: missing (expected both username and password, or neither)");
		assertThatIllegalArgumentException().isThrownBy(() -> settings("http://n/", null, "b"))
			.withMessage("auth-gateway.notifier.username: missing (expected both username and password, or neither)");
	}

	@Test
	void boundsAreChecked() {
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> new NotifierSettings("http://n/", null, null, Duration.ZERO, Duration.ofSeconds(3), 8, null))
			.withMessageContaining("connect-timeout");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new NotifierSettings("http://n/", null, null, Duration.ofSeconds(1), Duration.ofHours(1),
					8, null))
			.withMessageContaining("notifier.timeout");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new NotifierSettings("http://n/", null, null, Duration.ofSeconds(1),
					Duration.ofSeconds(3), 0, null))
			.withMessageContaining("max-concurrent");
	}

	@Test
	void itPrintsNoSecret() {
		assertThat(settings("http://n/?key=hush", "a", "hush").toString()).doesNotContain("hush");
	}

	private static NotifierSettings settings(String url, @Nullable String username, @Nullable String password) {
		return new NotifierSettings(url, username, password, Duration.ofSeconds(1), Duration.ofSeconds(3), 8, null);
	}

}
