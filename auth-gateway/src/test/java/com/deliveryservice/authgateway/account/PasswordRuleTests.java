package com.deliveryservice.authgateway.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;
import reactor.test.StepVerifier;

import com.deliveryservice.authgateway.directory.Callbacks;
import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.directory.PasswordHashing;
import com.deliveryservice.authgateway.problem.FieldError;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PasswordRuleTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final PasswordHashing HASHING = Callbacks.newHashing();

	private static final PasswordRule RULE = new PasswordRule(
			settings(5, Duration.ofMinutes(10), List.of("Acme Foods")), HASHING);

	@AfterAll
	static void close() {
		HASHING.destroy();
	}

	@ParameterizedTest
	@ValueSource(strings = { "correct horse battery", "aB3$xyz9", "nur kleine buchstaben", "delivery-demo-1",
			"\u043C\u043E\u0439 \u0445\u043B\u0435\u0431 \u0438 \u0447\u0430\u0439", "  spaces count  ",
			"12 34 56 78 90 AB", "kpfmxq7z", "839201745", "battery-staple", "green apples", "this is a test",
			"Donaudampfschiff", "anna likes kebab", "smith & wesson & co", "foods and drinks", "15550 green 100" })
	void anythingElseIsFineWithoutRulesOfComposition(String password) {
		assertThat(check(password)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "password", "PASSWORD1", "12345678", "qwertyuiop", "iloveyou", "Sunshine", "1q2w3e4r",
			"aaaaaaaa", "abababab", "password123", "football", "trustno1", "letmein1", "administrator", "changeme" })
	void whatBreachesShowIsRefused(String password) {
		assertThat(check(password)).isEqualTo("too-common");
	}

	@ParameterizedTest
	@ValueSource(strings = { "P@ssw0rd!", "drowssap1", "superman7", "hamburg1", "19890714", "14.07.1989", "abcdefgh1",
			"lkjhgfds1", "passwordpasswordpasswordpassword", "abcabcabcabcabcabcabcabcabcabcabc", "Passwort123",
			"qwertzuiop", "azertyuiop1", "\u043F\u0430\u0440\u043E\u043B\u044C123" })
	void variationsOfCommonOnesAreRefused(String password) {
		assertThat(check(password)).isEqualTo("too-common");
	}

	@ParameterizedTest
	@ValueSource(strings = { "annamaria", "AnnaMaria", "annamaria1990", "2026-AnnaMaria!", "airamanna", "4nn4m4r14",
			"\uFF21nnamaria", "annamaria\uD801\uDC00", "annamaria-abc", "am.smith", "am.smith@example.org",
			"smith-example", "$m1th$m1th", "+15550100", "15550100", "015550100x", "00105551" })
	void theOwnWordsAreRefusedWhateverSurroundsThem(String password) {
		assertThat(check(password)).isEqualTo("too-common");
	}

	@ParameterizedTest
	@ValueSource(strings = { "acmefoods", "AcmeFoods2026!", "Acme Foods 83920174", "sdoofemca1", "@cmef00ds",
			"acme-annamaria" })
	void theCompanysWordsAreRefusedWhateverSurroundsThem(String password) {
		assertThat(check(password)).isEqualTo("too-common");
	}

	@Test
	void theListIsLongEnough() throws IOException {
		String list = new ClassPathResource("common-passwords.txt", PasswordRule.class)
			.getContentAsString(StandardCharsets.UTF_8);
		assertThat(list.lines().filter((line) -> !line.startsWith("##"))).hasSizeGreaterThan(3000)
			.allSatisfy((password) -> assertThat(password).hasSizeGreaterThanOrEqualTo(8));
	}

	/**
	 * What people type takes a millisecond; all of one of these would take seconds.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "4@8({[</369&#!1/|0$5+7%2/", ".,?!'-/_:;+()@$\"#&*<>=[]~%^{}|1234567890",
			"aA4@bB8cC({[<eE3gG69iI!|1lL17|oO0sS$5tT+7xX%zZ2", "p4ssw0rd1!$" })
	void madeForItOneIsStillDecidedSoon(String hostile) {
		String password = hostile.repeat(128 / hostile.length() + 1).substring(0, 128);
		StepVerifier.create(RULE.checking(() -> Optional.ofNullable(check(password))))
			.expectNext(Optional.empty())
			.expectComplete()
			.verify(SOON);
	}

	@Test
	void itIsCheckedWhereNobodyElseWaits() {
		StepVerifier.create(RULE.checking(() -> Thread.currentThread().getName()))
			.assertNext((thread) -> assertThat(thread).startsWith("hashing-"))
			.expectComplete()
			.verify(SOON);
	}

	@Test
	void lengthIsCountedInCharactersAsPeopleSeeThem() {
		assertThat(check("x9\u00FC\uD83D\uDE00-qW")).isEqualTo("too-short");
		assertThat(check("x9u\u0308\uD83D\uDE00-qW")).isEqualTo("too-short");
		assertThat(check("x9\u00FC\uD83D\uDE00-qW!")).isNull();
		assertThat(check("ab1\uD83D\uDE00x9-K".repeat(16))).isNull();
		assertThat(check("ab1\uD83D\uDE00x9-K".repeat(16) + "x")).isEqualTo("too-long");
		assertThat(check("")).isEqualTo("missing");
		assertThat(check(null)).isEqualTo("missing");
		assertThat(check("tab\tseparated")).isEqualTo("invalid");
	}

	@Test
	void settingsOutsideTheirBoundsStopTheStart() {
		assertThatIllegalArgumentException().isThrownBy(() -> settings(0, Duration.ofMinutes(10), List.of()))
			.withMessage("auth-gateway.sign-up.code-attempts: 0 (expected 1 to 10)");
		assertThatIllegalArgumentException().isThrownBy(() -> settings(5, Duration.ZERO, List.of()))
			.withMessageStartingWith("auth-gateway.sign-up.code-lifetime: PT0S (expected ");
	}

	private @Nullable String check(@Nullable String password) {
		FieldError error = RULE.check("password", password, Login.parse("annamaria"),
				Contact.email("am.smith@example.org"), Contact.phone("+15550100"));
		return (error != null) ? error.code() : null;
	}

	private static SignUpSettings settings(int attempts, Duration lifetime, List<String> words) {
		return new SignUpSettings(true, lifetime, attempts, words);
	}

}
