package com.deliveryservice.authgateway.account;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.problem.FieldError;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PasswordRuleTests {

	private final PasswordRule rule = new PasswordRule(settings(5, Duration.ofMinutes(10), List.of("Acme Foods")));

	@ParameterizedTest
	@ValueSource(strings = { "correct horse battery", "aB3$xyz9", "nur kleine buchstaben", "delivery-demo-1",
			"\u043F\u0430\u0440\u043E\u043B\u044C\u043A\u0430", "        x9", "12 34 56 78 90 AB" })
	void anythingElseIsFineWithoutRulesOfComposition(String password) {
		assertThat(check(password)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "password", "PASSWORD1", "12345678", "qwertyuiop", "iloveyou", "Sunshine", "1q2w3e4r",
			"aaaaaaaa", "abababab", "acmefoods", "AcmeFoods2026!", "annamaria", "AnnaMaria", "am.smith",
			"am.smith@example.org", "+15550100", "15550100" })
	void whatIsGuessedFirstIsRefused(String password) {
		assertThat(check(password)).isEqualTo("too-common");
	}

	@Test
	void lengthIsCountedInCharactersAsPeopleSeeThem() {
		assertThat(check("x9\u00FC\uD83D\uDE00-qW")).isEqualTo("too-short");
		assertThat(check("x9u\u0308\uD83D\uDE00-qW")).isEqualTo("too-short");
		assertThat(check("x9\u00FC\uD83D\uDE00-qW!")).isNull();
		assertThat(check("ab1\uD83D\uDE00".repeat(32))).isNull();
		assertThat(check("ab1\uD83D\uDE00".repeat(32) + "x")).isEqualTo("too-long");
		assertThat(check("")).isEqualTo("missing");
		assertThat(check(null)).isEqualTo("missing");
		assertThat(check("tab\tseparated")).isEqualTo("invalid");
	}

	@Test
	void theListIsOfRealOnes() {
		assertThat(List.of("password123", "football", "trustno1", "letmein1", "administrator", "changeme"))
			.allSatisfy((password) -> assertThat(check(password)).isEqualTo("too-common"));
	}

	@Test
	void settingsOutsideTheirBoundsStopTheStart() {
		assertThatIllegalArgumentException().isThrownBy(() -> settings(0, Duration.ofMinutes(10), List.of()))
			.withMessage("auth-gateway.sign-up.code-attempts: 0 (expected 1 to 10)");
		assertThatIllegalArgumentException().isThrownBy(() -> settings(5, Duration.ZERO, List.of()))
			.withMessageStartingWith("auth-gateway.sign-up.code-lifetime: PT0S (expected ");
	}

	private @Nullable String check(@Nullable String password) {
		FieldError error = this.rule.check("password", password, Login.parse("annamaria"),
				Contact.email("am.smith@example.org"), Contact.phone("+15550100"));
		return (error != null) ? error.code() : null;
	}

	private static SignUpSettings settings(int attempts, Duration lifetime, List<String> words) {
		return new SignUpSettings(true, lifetime, attempts, words);
	}

}
