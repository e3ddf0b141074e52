package com.deliveryservice.authgateway.account;

import java.net.InetAddress;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.problem.FieldError;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.protection.SignInAttempt;

/**
 * The body of {@code POST /auth/password-reset}.
 *
 * @param login as the person wrote it, whether anybody has it or not
 * @param deviceToken as an earlier sign-in on this device gave it, or {@code null}
 */
@JsonNaming(SnakeCaseStrategy.class)
record PasswordResetRequest(@Nullable String login, @Nullable String deviceToken) {

	private static final int LONGEST_LOGIN = 256;

	/**
	 * Who asks.
	 * @throws com.deliveryservice.authgateway.problem.ProblemException 400
	 * {@code validation-failed}
	 */
	SignInAttempt attempt(@Nullable InetAddress address) {
		if (this.login == null || this.login.isBlank()) {
			throw Problem.invalid(List.of(FieldError.missing("login"))).asException();
		}
		if (this.login.length() > LONGEST_LOGIN) {
			throw Problem
				.invalid(List.of(new FieldError("login", "too-long", "has more than " + LONGEST_LOGIN + " characters")))
				.asException();
		}
		return new SignInAttempt(Login.fold(this.login), address, this.deviceToken);
	}

	@Override
	public String toString() {
		return "PasswordResetRequest[…]";
	}

}
