package com.deliveryservice.authgateway.directory;

import java.text.Normalizer;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A login (contract/client-api.md): 3 to 64 letters, digits, {@code .}, {@code _},
 * {@code -}.
 *
 * @param written as the person wrote it, in NFC
 * @param normalized after NFKC and case folding: two logins with the same are one
 */
public record Login(String written, String normalized) {

	static final int MIN = 3;

	static final int MAX = 64;

	/**
	 * Reads a login.
	 * @return it, or {@code null} if it is none
	 */
	public static @Nullable Login parse(@Nullable String text) {
		if (text == null || text.length() > 4 * MAX) {
			return null;
		}
		String written = Normalizer.normalize(text, Normalizer.Form.NFC);
		String compatible = Normalizer.normalize(text, Normalizer.Form.NFKC);
		if (!isLogin(written) || !isLogin(compatible)) {
			return null;
		}
		return new Login(written, fold(compatible));
	}

	/**
	 * NFKC and case folding. By way of upper case, so that ß is ss and every sigma is
	 * one.
	 */
	public static String fold(String text) {
		String folded = Normalizer.normalize(text, Normalizer.Form.NFKC)
			.toUpperCase(Locale.ROOT)
			.toLowerCase(Locale.ROOT);
		return Normalizer.normalize(folded, Normalizer.Form.NFKC);
	}

	private static boolean isLogin(String text) {
		int length = text.codePointCount(0, text.length());
		return length >= MIN && length <= MAX
				&& text.codePoints().allMatch((c) -> Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-');
	}

}
