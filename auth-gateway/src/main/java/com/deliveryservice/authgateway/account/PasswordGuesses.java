package com.deliveryservice.authgateway.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import com.nulabinc.zxcvbn.StandardDictionaries;
import com.nulabinc.zxcvbn.StandardKeyboards;
import com.nulabinc.zxcvbn.Zxcvbn;
import com.nulabinc.zxcvbn.ZxcvbnBuilder;
import com.nulabinc.zxcvbn.matchers.Dictionary;
import org.springframework.core.io.ClassPathResource;

/**
 * How soon an attacker who knows what people choose would come to a password: whole ones
 * from published breaches, and with zxcvbn their variations, names, words, dates, rows of
 * keys, repetitions.
 */
final class PasswordGuesses {

	private static final String COMMON = "common-passwords.txt";

	private static final String WORDS = "common-words.txt";

	/**
	 * "Very guessable", by zxcvbn's own scale: what stands behind a throttle needs more.
	 */
	private static final double FEW = 1e6;

	/**
	 * What is looked at, at either end. The time for it grows much faster than the
	 * length: up to 70 ms for this much made for it, under 1 ms for what people choose.
	 */
	private static final int LOOKED_AT = 24;

	private final Set<String> common;

	private final Zxcvbn zxcvbn;

	PasswordGuesses() {
		List<String> passwords = lines(COMMON);
		this.common = Set.copyOf(passwords);
		try {
			List<Dictionary> dictionaries = new ArrayList<>(StandardDictionaries.loadAllDictionaries());
			dictionaries.add(new Dictionary(COMMON, passwords));
			dictionaries.add(new Dictionary(WORDS, lines(WORDS)));
			this.zxcvbn = new ZxcvbnBuilder().dictionaries(dictionaries)
				.keyboards(StandardKeyboards.loadAllKeyboards())
				.build();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("zxcvbn", ex);
		}
	}

	/**
	 * Whether a password is among the first million guesses.
	 * @param password in NFC
	 * @param own words that are tried first
	 */
	boolean areFew(String password, List<String> own) {
		if (this.common.contains(password.toLowerCase(Locale.ROOT))) {
			return true;
		}
		int length = password.length();
		if (length <= LOOKED_AT) {
			return isGuessed(password, own);
		}
		return isGuessed(password.substring(0, LOOKED_AT), own)
				&& isGuessed(password.substring(length - LOOKED_AT), own);
	}

	private boolean isGuessed(String text, List<String> own) {
		return this.zxcvbn.measure(text, own).getGuesses() < FEW;
	}

	private static List<String> lines(String name) {
		try {
			return new ClassPathResource(name, PasswordGuesses.class).getContentAsString(StandardCharsets.UTF_8)
				.lines()
				.filter((line) -> !line.isEmpty() && !line.startsWith("##"))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(name, ex);
		}
	}

}
