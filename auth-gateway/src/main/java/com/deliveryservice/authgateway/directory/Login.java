package com.deliveryservice.authgateway.directory;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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

	private static final List<Set<UnicodeScript>> TOGETHER = List.of(
			EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA),
			EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.BOPOMOFO),
			EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HANGUL));

	/** Those of Hangul, also as NFKC leaves them. */
	private static final String FILLERS = "\u115f\u1160\u3164\uffa0";

	/** The one of Katakana. */
	private static final int PROLONGED_SOUND = 0x30fc;

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

	/**
	 * Whether nobody is deceived by it: its letters are of one alphabet, or of those that
	 * are written together (Unicode TS #39 §5.2, "highly restrictive"), its digits of one
	 * system, and all of it can be seen. What a new login has to be.
	 */
	public boolean isUnmistakable() {
		Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
		this.normalized.codePoints().mapToObj(UnicodeScript::of).forEach(scripts::add);
		scripts.removeAll(EnumSet.of(UnicodeScript.COMMON, UnicodeScript.INHERITED));
		boolean together = scripts.size() <= 1 || TOGETHER.stream().anyMatch((set) -> set.containsAll(scripts));
		long digitSystems = this.normalized.codePoints()
			.filter(Character::isDigit)
			.map((c) -> c - Character.digit(c, 10))
			.distinct()
			.count();
		return together && digitSystems <= 1 && this.normalized.codePoints().allMatch(Login::isSeen);
	}

	/**
	 * Neither a filler, which is a letter without a shape, nor a modifier that looks like
	 * a quote.
	 */
	private static boolean isSeen(int c) {
		boolean modifier = Character.getType(c) == Character.MODIFIER_LETTER
				&& UnicodeScript.of(c) == UnicodeScript.COMMON && c != PROLONGED_SOUND;
		return !modifier && FILLERS.indexOf(c) < 0;
	}

	private static boolean isLogin(String text) {
		int length = text.codePointCount(0, text.length());
		return length >= MIN && length <= MAX
				&& text.codePoints().allMatch((c) -> Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-');
	}

}
