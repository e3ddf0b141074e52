package com.deliveryservice.authgateway.account;

import java.util.ArrayList;
import java.util.List;

import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.problem.FieldError;
import com.deliveryservice.authgateway.problem.Problem;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The body of {@code POST /auth/sign-in}. Never prints itself.
 *
 * @param login as the person wrote it
 * @param password in clear
 * @param deviceName what the device calls itself, for the list of sessions
 * @param deviceToken as an earlier sign-in on this device gave it
 */
@JsonNaming(SnakeCaseStrategy.class)
record SignInRequest(@Nullable String login, @Nullable String password, @Nullable String deviceName,
		@Nullable String deviceToken) {

	/** Far over what any account has, so that no more than this is worked on. */
	private static final int LONGEST_LOGIN = 256;

	private static final int LONGEST_PASSWORD = 1024;

	private static final int LONGEST_DEVICE_NAME = 100;

	/**
	 * This request, if it can be one.
	 * @throws com.deliveryservice.authgateway.problem.ProblemException 400
	 * {@code validation-failed}
	 */
	SignInRequest validated() {
		List<FieldError> errors = new ArrayList<>();
		check("login", this.login, LONGEST_LOGIN, errors);
		check("password", this.password, LONGEST_PASSWORD, errors);
		if (!errors.isEmpty()) {
			throw Problem.invalid(errors).asException();
		}
		return this;
	}

	/**
	 * The login as logins are compared: NFKC and case folding, also of what cannot be
	 * anybody's.
	 */
	String normalizedLogin() {
		return Login.fold(String.valueOf(this.login));
	}

	/**
	 * What will be listed as the device: without control characters and without those
	 * that turn the direction of text around, cut to 100 characters; {@code null} if
	 * there is nothing to see.
	 */
	@Nullable String shownDeviceName() {
		if (this.deviceName == null) {
			return null;
		}
		StringBuilder shown = new StringBuilder();
		this.deviceName.strip()
			.codePoints()
			.filter((c) -> !Character.isISOControl(c) && !isDirection(c))
			.limit(LONGEST_DEVICE_NAME)
			.forEach(shown::appendCodePoint);
		return shown.toString().isBlank() ? null : shown.toString();
	}

	@Override
	public String toString() {
		return "SignInRequest[…]";
	}

	/**
	 * Unicode Standard Annex #9, explicit formatting characters.
	 */
	private static boolean isDirection(int c) {
		return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f
				|| c == 0x061c;
	}

	private static void check(String field, @Nullable String value, int longest, List<FieldError> errors) {
		if (value == null || value.isEmpty()) {
			errors.add(FieldError.missing(field));
		}
		else if (value.length() > longest) {
			errors.add(new FieldError(field, "too-long", "has more than " + longest + " characters"));
		}
	}

}
