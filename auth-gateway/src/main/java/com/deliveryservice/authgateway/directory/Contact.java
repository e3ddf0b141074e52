package com.deliveryservice.authgateway.directory;

import java.util.Arrays;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where a person can be reached: the one that is verified is unique.
 *
 * @param kind e-mail or phone
 * @param written as the person wrote it
 * @param normalized two contacts of one kind with the same are one
 */
public record Contact(Kind kind, String written, String normalized) {

	private static final int EMAIL_MAX = 254;

	private static final int LOCAL_PART_MAX = 64;

	/** RFC 5321 §4.1.2 without quoted strings, with the letters of RFC 6531. */
	private static final Pattern ATOM = Pattern.compile("[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+");

	private static final Pattern LABEL = Pattern
		.compile("[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?");

	/** ITU-T E.164: a country code and at most 15 digits in all. */
	private static final Pattern PHONE = Pattern.compile("\\+[1-9][0-9]{6,14}");

	/**
	 * Reads an e-mail address: one {@code @}, at most 254 characters, no spaces, no
	 * quotes, a domain of two labels or more. It is compared without regard to case.
	 * @return it, or {@code null} if it is none
	 */
	public static @Nullable Contact email(@Nullable String text) {
		if (text == null || text.length() > EMAIL_MAX) {
			return null;
		}
		int at = text.indexOf('@');
		if (at < 1 || at > LOCAL_PART_MAX || text.indexOf('@', at + 1) >= 0) {
			return null;
		}
		String[] labels = text.substring(at + 1).split("\\.", -1);
		boolean right = allMatch(ATOM, text.substring(0, at).split("\\.", -1)) && labels.length >= 2
				&& allMatch(LABEL, labels);
		return right ? new Contact(Kind.EMAIL, text, Login.fold(text)) : null;
	}

	/**
	 * Reads a phone number in E.164 form.
	 * @return it, or {@code null} if it is none
	 */
	public static @Nullable Contact phone(@Nullable String text) {
		return (text != null && PHONE.matcher(text).matches()) ? new Contact(Kind.PHONE, text, text) : null;
	}

	/**
	 * The contact to verify: the e-mail if there is one, else the phone.
	 */
	public static @Nullable Contact toVerify(@Nullable Contact email, @Nullable Contact phone) {
		return (email != null) ? email : phone;
	}

	private static boolean allMatch(Pattern pattern, String[] parts) {
		return Arrays.stream(parts).allMatch((part) -> pattern.matcher(part).matches());
	}

	/**
	 * The kinds of contact.
	 */
	public enum Kind {

		EMAIL("email"), PHONE("phone");

		private final String column;

		Kind(String column) {
			this.column = column;
		}

		/**
		 * Its name in the tables.
		 */
		String column() {
			return this.column;
		}

	}

}
