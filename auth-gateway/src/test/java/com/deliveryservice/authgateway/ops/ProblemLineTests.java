package com.deliveryservice.authgateway.ops;

import java.net.URI;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.cloud.CloudPlatform;

import static org.assertj.core.api.Assertions.assertThat;

class ProblemLineTests {

	@Test
	void saysWhatIsExpectedOfEachType() {
		assertThat(line("a.b", "soon", Duration.class)).isEqualTo("a.b: soon (expected a duration such as 5m)");
		assertThat(line("a.b", "x", int.class)).isEqualTo("a.b: x (expected a whole number)");
		assertThat(line("a.b", "x", URI.class)).isEqualTo("a.b: x (expected a URL)");
		assertThat(line("a.b", "x", CloudPlatform.class)).startsWith("a.b: x (expected one of none, ");
	}

	@Test
	void neverShowsASecret() {
		assertThat(line("a.keys.encryption-key", "x1y2z3", byte[].class)).contains("(not shown)")
			.doesNotContain("x1y2z3");
		assertThat(parsed("a.password: x1y2z3 (expected something else)"))
			.isEqualTo("a.password: (not shown) (expected something else)");
		assertThat(parsed("a.clients[0].secret: x1y2z3 (expected something else)"))
			.isEqualTo("a.clients[0].secret: (not shown) (expected something else)");
	}

	@Test
	void aPasswordInAnAddressIsRefusedUnseen() {
		assertThat(parsed("a.base-url: https://user:x1y2z3@host/ (expected a URL without user)"))
			.isEqualTo("a.base-url: https://(not shown)@host/ (expected a URL without user)");
	}

	@Test
	void saysMissingOfASecretToo() {
		assertThat(parsed("a.password: missing (expected a password)"))
			.isEqualTo("a.password: missing (expected a password)");
	}

	@Test
	void staysOneLineWhateverTheValue() {
		assertThat(line("a.b", "one\r\ntwo\u001b[31m" + "x".repeat(500), int.class))
			.doesNotContain("\n", "\r", "\u001b")
			.hasSizeLessThan(300);
	}

	@Test
	void readsOnlyWhatIsALine() {
		assertThat(parsed("server.port: 8080 (already in use)")).isEqualTo("server.port: 8080 (already in use)");
		assertThat(parsed("Something went wrong: x (expected y)")).isNull();
		assertThat(parsed("a.b: no expectation")).isNull();
		assertThat(parsed(null)).isNull();
	}

	private static String line(String name, String value, Class<?> type) {
		return ProblemLine.unconvertible(name, value, type).text();
	}

	private static @Nullable String parsed(@Nullable String message) {
		ProblemLine line = ProblemLine.parse(message);
		return (line != null) ? line.text() : null;
	}

}
