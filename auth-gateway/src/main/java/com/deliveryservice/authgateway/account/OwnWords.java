package com.deliveryservice.authgateway.account;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.Login;

/**
 * Words that an attacker knows of a person: the login, the contacts and their parts, and
 * those of the company. A password made of them is guessed, forwards or backwards, with
 * digits for letters, and with digits, signs or up to three letters around.
 */
final class OwnWords {

	private static final int SHORTEST = 3;

	/** Of digits alone; shorter ones stand in any password. */
	private static final int SHORTEST_NUMBER = 6;

	/** A phone number without what is dialled first. */
	private static final int SHORTEST_PHONE = 7;

	private static final int FEW_LETTERS = 4;

	private static final int FEW_DIGITS = 7;

	private static final Pattern PARTS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

	/** What people write for which letter; 1 is for two. */
	private static final String SIGNS = "48@(369!10$57+2\u20AC";

	private static final List<String> LETTERS = List.of("abaceggiiossttze", "abaceggilossttze");

	/** The longest first, so that a part does not hide the whole. */
	private final Set<String> words = new TreeSet<>(
			Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));

	OwnWords(Iterable<String> company) {
		company.forEach(this::add);
	}

	/**
	 * The words that are known of a person.
	 */
	OwnWords(OwnWords company, @Nullable Login login, @Nullable Contact email, @Nullable Contact phone) {
		this.words.addAll(company.words);
		if (login != null) {
			add(login.normalized());
		}
		if (email != null) {
			int at = email.normalized().indexOf('@');
			add(email.normalized());
			add(email.normalized().substring(0, at));
			add(email.normalized().substring(at + 1, email.normalized().lastIndexOf('.')));
		}
		if (phone != null) {
			String digits = phone.normalized().substring(1);
			for (int start = 0; digits.length() - start >= SHORTEST_PHONE; start++) {
				add(digits.substring(start));
			}
		}
	}

	/**
	 * All of them, without the reversed.
	 */
	List<String> list() {
		return List.copyOf(this.words);
	}

	/**
	 * Whether a password is these words and little else.
	 */
	boolean makeUp(String password) {
		int[] written = Login.fold(password)
			.codePoints()
			.filter((c) -> Character.isLetterOrDigit(c) || SIGNS.indexOf(c) >= 0)
			.toArray();
		return coverNearly(written, written) || LETTERS.stream().anyMatch((letters) -> {
			int[] meant = Arrays.stream(written).map((c) -> asLetter(c, letters)).toArray();
			return coverNearly(written, meant);
		});
	}

	private boolean coverNearly(int[] written, int[] meant) {
		boolean[] covered = new boolean[written.length];
		String text = oneCharEach(meant);
		this.words.forEach((word) -> {
			cover(text, word, covered);
			cover(text, new StringBuilder(word).reverse().toString(), covered);
		});
		int letters = 0;
		int digits = 0;
		boolean any = false;
		for (int i = 0; i < written.length; i++) {
			any |= covered[i];
			letters += (!covered[i] && Character.isLetter(written[i])) ? 1 : 0;
			digits += (!covered[i] && Character.isDigit(written[i])) ? 1 : 0;
		}
		return any && letters < FEW_LETTERS && digits < FEW_DIGITS;
	}

	/**
	 * So that indexes of characters are those of code points.
	 */
	private static String oneCharEach(int[] codePoints) {
		StringBuilder text = new StringBuilder();
		for (int c : codePoints) {
			text.append(Character.isBmpCodePoint(c) ? (char) c : Character.MAX_VALUE);
		}
		return text.toString();
	}

	private static void cover(String text, String word, boolean[] covered) {
		for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
			Arrays.fill(covered, at, at + word.length(), true);
		}
	}

	private void add(String text) {
		String folded = Login.fold(text);
		Set<String> found = new LinkedHashSet<>(Arrays.asList(PARTS.split(folded)));
		found.add(PARTS.matcher(folded).replaceAll(""));
		found.stream()
			.filter((word) -> word.length() >= SHORTEST)
			.filter((word) -> word.length() >= SHORTEST_NUMBER || !word.chars().allMatch(Character::isDigit))
			.forEach(this.words::add);
	}

	private static int asLetter(int c, String letters) {
		int index = SIGNS.indexOf(c);
		return (index < 0) ? c : letters.charAt(index);
	}

}
