package com.deliveryservice.authgateway.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.problem.FieldError;

/**
 * What may be a password (OWASP ASVS 6.2): 8 to 128 characters of any kind, not one of
 * the most common ones, not what an attacker tries first for this person or company. No
 * rules of composition.
 */
@Component
class PasswordRule {

	private static final int MIN = 8;

	private static final int MAX = 128;

	private static final String COMMON = "common-passwords.txt";

	private final Set<String> common = load();

	private final Set<String> forbidden;

	PasswordRule(SignUpSettings settings) {
		this.forbidden = settings.forbiddenPasswords()
			.stream()
			.map(PasswordRule::lettersOf)
			.filter((word) -> !word.isEmpty())
			.collect(Collectors.toUnmodifiableSet());
	}

	/**
	 * Checks a new password.
	 * @param field its name in the request
	 * @param password in clear
	 * @param login of the same person
	 * @param email of the same person
	 * @param phone of the same person
	 * @return what is wrong about it, or {@code null}
	 */
	@Nullable FieldError check(String field, @Nullable String password, @Nullable Login login, @Nullable Contact email,
			@Nullable Contact phone) {
		if (password == null || password.isEmpty()) {
			return FieldError.missing(field);
		}
		String normalized = Normalizer.normalize(password, Normalizer.Form.NFC);
		int length = normalized.codePointCount(0, normalized.length());
		if (length < MIN) {
			return new FieldError(field, "too-short", "has fewer than " + MIN + " characters");
		}
		if (length > MAX) {
			return new FieldError(field, "too-long", "has more than " + MAX + " characters");
		}
		if (normalized.codePoints().anyMatch(Character::isISOControl)) {
			return new FieldError(field, "invalid", "holds a control character");
		}
		String lower = normalized.toLowerCase(Locale.ROOT);
		return isGuessable(lower) || isPersonal(lower, login, email, phone)
				? new FieldError(field, "too-common", "is one of the first that somebody would guess") : null;
	}

	private boolean isGuessable(String password) {
		return this.common.contains(password) || this.forbidden.contains(lettersOf(password))
				|| password.codePoints().distinct().count() <= 2;
	}

	private static boolean isPersonal(String password, @Nullable Login login, @Nullable Contact email,
			@Nullable Contact phone) {
		return (login != null
				&& (password.equals(login.normalized()) || password.equals(login.written().toLowerCase(Locale.ROOT))))
				|| (email != null && (password.equals(email.normalized()) || password.equals(localPart(email))))
				|| (phone != null
						&& (password.equals(phone.normalized()) || password.equals(phone.normalized().substring(1))));
	}

	private static String localPart(Contact email) {
		return email.normalized().substring(0, email.normalized().indexOf('@'));
	}

	private static String lettersOf(String word) {
		return word.toLowerCase(Locale.ROOT)
			.codePoints()
			.filter(Character::isLetter)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	private static Set<String> load() {
		try {
			return new ClassPathResource(COMMON, PasswordRule.class).getContentAsString(StandardCharsets.UTF_8)
				.lines()
				.filter((line) -> !line.isEmpty() && !line.startsWith("##"))
				.collect(Collectors.toUnmodifiableSet());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(COMMON, ex);
		}
	}

}
