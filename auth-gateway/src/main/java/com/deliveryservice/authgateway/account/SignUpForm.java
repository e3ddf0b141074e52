package com.deliveryservice.authgateway.account;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.problem.FieldError;
import com.deliveryservice.authgateway.problem.Problem;

/**
 * What a person wants to sign up with, after it was found well-formed. Never prints the
 * password.
 *
 * @param login the login
 * @param contact the contact to verify
 * @param email as written, or {@code null}
 * @param phoneNumber as written, or {@code null}
 * @param password in clear
 * @param invitation the secret of an invitation, or {@code null}
 */
record SignUpForm(Login login, Contact contact, @Nullable String email, @Nullable String phoneNumber, String password,
		@Nullable String invitation) {

	/** The name of the field. */
	static final String PASSWORD = "password";

	/**
	 * Reads a request. Whether the password is too common has yet to be found out.
	 * @throws com.deliveryservice.authgateway.problem.ProblemException
	 * {@code validation-failed} with everything that is wrong
	 */
	static SignUpForm read(SignUpRequest request) {
		List<FieldError> errors = new ArrayList<>();
		Login login = Login.parse(request.login());
		Contact email = Contact.email(request.email());
		Contact phone = Contact.phone(request.phoneNumber());
		Contact contact = Contact.toVerify(email, phone);
		checkLogin(request.login(), login, errors);
		checkContacts(request, email, phone, errors);
		FieldError malformed = PasswordRule.checkForm(PASSWORD, request.password());
		if (malformed != null) {
			errors.add(malformed);
		}
		if (!errors.isEmpty() || login == null || contact == null || request.password() == null) {
			throw Problem.invalid(errors).asException();
		}
		return new SignUpForm(login, contact, request.email(), request.phoneNumber(), request.password(),
				request.invitation());
	}

	private static void checkLogin(@Nullable String written, @Nullable Login login, List<FieldError> errors) {
		if (written == null || written.isEmpty()) {
			errors.add(FieldError.missing("login"));
		}
		else if (login == null) {
			errors.add(new FieldError("login", "invalid", "has to be 3 to 64 letters, digits, dots, _ and -"));
		}
		else if (!login.isUnmistakable()) {
			errors.add(new FieldError("login", "invalid", "mixes alphabets, or has characters that cannot be seen"));
		}
	}

	private static void checkContacts(SignUpRequest request, @Nullable Contact email, @Nullable Contact phone,
			List<FieldError> errors) {
		if (request.email() == null && request.phoneNumber() == null) {
			errors.add(new FieldError("email", "missing", "an e-mail or a phone number is required"));
		}
		if (request.email() != null && email == null) {
			errors.add(new FieldError("email", "invalid", "is no e-mail address"));
		}
		if (request.phoneNumber() != null && phone == null) {
			errors.add(new FieldError("phone_number", "invalid", "has to be + and 7 to 15 digits (E.164)"));
		}
	}

	@Override
	public String toString() {
		return "SignUpForm[…]";
	}

}
