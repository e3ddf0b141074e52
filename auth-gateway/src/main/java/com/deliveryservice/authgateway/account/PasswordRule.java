package com.deliveryservice.authgateway.account;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.directory.PasswordHashing;
import com.deliveryservice.authgateway.problem.FieldError;

/**
 * What may be a password (OWASP ASVS 6.2): 8 to 128 characters of any kind, not one of
 * the most common ones or what is made of them, not what an attacker tries first for this
 * person or company. No rules of composition. The same at sign-up, change and reset.
 */
@Component
class PasswordRule {

	private static final int MIN = 8;

	private static final int MAX = 128;

	private final PasswordHashing hashing;

	private final PasswordGuesses guesses = new PasswordGuesses();

	private final OwnWords company;

	private final Set<String> forbidden;

	PasswordRule(SignUpSettings settings, PasswordHashing hashing) {
		this.hashing = hashing;
		this.company = new OwnWords(settings.forbiddenPasswords());
		this.forbidden = settings.forbiddenPasswords()
			.stream()
			.map(PasswordRule::lettersOf)
			.filter((word) -> !word.isEmpty())
			.collect(Collectors.toUnmodifiableSet());
	}

	/**
	 * Reads a request that holds a new password, where checking it keeps nobody else
	 * waiting: on the threads that hash.
	 * @param <T> of what is read
	 * @param reading calls {@link #check}
	 * @return what is read; fails with what it throws, or with 503 {@code overloaded}
	 */
	<T> Mono<T> checking(Supplier<T> reading) {
		return this.hashing.compute(reading);
	}

	/**
	 * Checks a new password. One that is made for it takes as long as three hashes, so
	 * this belongs into {@link #checking}.
	 * @param field its name in the request
	 * @param password in clear
	 * @param login of the same person
	 * @param email of the same person
	 * @param phone of the same person
	 * @return what is wrong about it, or {@code null}
	 */
	@Nullable FieldError check(String field, @Nullable String password, @Nullable Login login, @Nullable Contact email,
			@Nullable Contact phone) {
		FieldError malformed = checkForm(field, password);
		if (malformed != null || password == null) {
			return malformed;
		}
		String normalized = normalized(password);
		OwnWords own = new OwnWords(this.company, login, email, phone);
		return (isForbidden(normalized) || own.makeUp(normalized) || this.guesses.areFew(normalized, own.list()))
				? new FieldError(field, "too-common", "is one of the first that somebody would guess") : null;
	}

	/**
	 * Checks what takes no time: that there is one, its length, its characters.
	 * @param field its name in the request
	 * @param password in clear
	 * @return what is wrong about it, or {@code null}
	 */
	static @Nullable FieldError checkForm(String field, @Nullable String password) {
		if (password == null || password.isEmpty()) {
			return FieldError.missing(field);
		}
		String normalized = normalized(password);
		int length = normalized.codePointCount(0, normalized.length());
		if (length < MIN) {
			return new FieldError(field, "too-short", "has fewer than " + MIN + " characters");
		}
		if (length > MAX) {
			return new FieldError(field, "too-long", "has more than " + MAX + " characters");
		}
		return normalized.codePoints().anyMatch(Character::isISOControl)
				? new FieldError(field, "invalid", "holds a control character") : null;
	}

	private static String normalized(String password) {
		return Normalizer.normalize(password, Normalizer.Form.NFC);
	}

	private boolean isForbidden(String password) {
		return this.forbidden.contains(lettersOf(password)) || password.codePoints().distinct().count() <= 2;
	}

	private static String lettersOf(String word) {
		return word.toLowerCase(Locale.ROOT)
			.codePoints()
			.filter(Character::isLetter)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

}
