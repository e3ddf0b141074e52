package com.deliveryservice.authgateway.directory;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LoginTests {

	@ParameterizedTest
	@CsvSource({ "anna, ANNA", "anna, Anna", "anna, \uFF41\uFF4E\uFF4E\uFF41", "stra\u00DFe, STRASSE",
			"caf\u00E9, cafe\u0301", "\uFB03xy, ffixy", "\u03BF\u03B4\u03BF\u03C3, \u03BF\u03B4\u03BF\u03C2",
			"kelvin, \u212Aelvin" })
	void theSameInAnotherCaseOrFormIsTheSameLogin(String one, String other) {
		assertThat(normalized(one)).isNotNull().isEqualTo(normalized(other));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ab", "a b c", "anna\n", "anna\r\n", "an\u0000na", "anna@example.org", "\u202Eanna",
			"anna\u200B", "\uFDFA\uFDFA", "an/na", "", "   ", "\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00" })
	void whatIsNoLoginIsNone(String text) {
		assertThat(Login.parse(text)).isNull();
	}

	@Test
	void sixtyFourCharactersAreTheMost() {
		assertThat(Login.parse("a".repeat(64))).isNotNull();
		assertThat(Login.parse("a".repeat(65))).isNull();
		assertThat(Login.parse(null)).isNull();
	}

	@Test
	void lettersOfEveryScriptAndTheThreeSignsAreFine() {
		assertThat(Login.parse("\u0430\u043D\u043D\u0430_1.x-y")).isNotNull();
	}

	private static @Nullable String normalized(String text) {
		Login login = Login.parse(text);
		return (login != null) ? login.normalized() : null;
	}

}
