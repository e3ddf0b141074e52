package com.deliveryservice.authgateway.importing;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.directory.PasswordHashing;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.importing.UserFile.Row;
import com.deliveryservice.authgateway.key.Randomness;
import com.deliveryservice.authgateway.password.ForeignHashes;
import com.deliveryservice.authgateway.password.HashFormatException;
import com.deliveryservice.authgateway.password.Peppers;

/**
 * What a row has to be, by itself: the same as at a sign-up, a known user type, and a
 * password hash that can be verified; without one, a reset has to be possible.
 */
@Component
class RowRules {

	private final UserTypes userTypes;

	private final Peppers peppers;

	private final Randomness randomness;

	private final boolean canReset;

	RowRules(UserTypes userTypes, Peppers peppers, Randomness randomness, Environment environment) {
		this.userTypes = userTypes;
		this.peppers = peppers;
		this.randomness = randomness;
		this.canReset = !environment.getProperty("auth-gateway.notifier.url", "").isBlank();
	}

	/**
	 * Checks a row.
	 * @param refusals gets everything that is wrong
	 * @return what it may become, or {@code null} if it is refused
	 */
	@Nullable Candidate check(Row row, List<Refusal> refusals) {
		if (row.fields().isEmpty()) {
			refusals.add(new Refusal(row.line(), "", "has not five fields"));
			return null;
		}
		Check check = new Check(row, new ArrayList<>());
		Login login = check.login();
		Contact email = check.email();
		Contact phone = check.phone();
		String type = check.userType();
		String hash = check.hash();
		refusals.addAll(check.refusals());
		return (check.refusals().isEmpty() && login != null) ? new Candidate(this.randomness.nextUuid(), row.line(),
				Sha256.of(row.fields()), login, email, phone, type, hash) : null;
	}

	/**
	 * The check of one row.
	 */
	private final class Check {

		private static final int EMAIL = 1;

		private static final int PHONE = 2;

		private static final int TYPE = 3;

		private static final int HASH = 4;

		private final Row row;

		private final List<Refusal> refusals;

		Check(Row row, List<Refusal> refusals) {
			this.row = row;
			this.refusals = refusals;
		}

		List<Refusal> refusals() {
			return this.refusals;
		}

		@Nullable Login login() {
			String written = field(0);
			Login login = Login.parse(written);
			if (login == null) {
				refuse("login", written.isEmpty() ? "missing" : "has to be 3 to 64 letters, digits, dots, _ and -");
			}
			return login;
		}

		@Nullable Contact email() {
			String written = field(EMAIL);
			Contact email = Contact.email(written);
			if (email == null && !written.isEmpty()) {
				refuse("email", "is no e-mail address");
			}
			if (written.isEmpty() && field(PHONE).isEmpty()) {
				refuse("email", "missing: an e-mail or a phone number is required");
			}
			return email;
		}

		@Nullable Contact phone() {
			String written = field(PHONE);
			Contact phone = Contact.phone(written);
			if (phone == null && !written.isEmpty()) {
				refuse("phone_number", "has to be + and 7 to 15 digits (E.164)");
			}
			return phone;
		}

		String userType() {
			String type = field(TYPE);
			if (RowRules.this.userTypes.find(type) == null) {
				refuse("user_type", type.isEmpty() ? "missing" : "unknown");
			}
			return type;
		}

		/**
		 * As it will be stored. Where there is none the password has to be set by a reset
		 * first.
		 */
		String hash() {
			String written = field(HASH);
			if (written.isEmpty()) {
				if (!RowRules.this.canReset) {
					refuse("password_hash",
							"missing, and without auth-gateway.notifier.url nobody can set a password by a reset");
				}
				return PasswordHashing.NO_PASSWORD;
			}
			try {
				return ForeignHashes.parse(written).with(RowRules.this.peppers).encoded();
			}
			catch (HashFormatException ex) {
				refuse("password_hash", String.valueOf(ex.getMessage()));
				return PasswordHashing.NO_PASSWORD;
			}
		}

		private String field(int index) {
			return this.row.fields().get(index);
		}

		private void refuse(String field, String reason) {
			this.refusals.add(new Refusal(this.row.line(), field, reason));
		}

	}

}
