package com.deliveryservice.authgateway.importing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.Login;

/**
 * A row that may become a user. Never prints itself.
 *
 * @param id of the user that it would be
 * @param line where it begins in the file
 * @param digest of its content
 * @param login the login
 * @param email or {@code null}
 * @param phone or {@code null}
 * @param userType the user type's name
 * @param passwordHash as it will be stored
 */
record Candidate(UUID id, long line, String digest, Login login, @Nullable Contact email, @Nullable Contact phone,
		String userType, String passwordHash) {

	/**
	 * What {@code json_to_recordset} makes a row of.
	 */
	Map<String, @Nullable Object> toMap() {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("id", this.id);
		map.put("line", this.line);
		map.put("digest", this.digest);
		map.put("login", this.login.written());
		map.put("login_normalized", this.login.normalized());
		map.put("email", (this.email != null) ? this.email.written() : null);
		map.put("phone_number", (this.phone != null) ? this.phone.written() : null);
		map.put("kind", contactField().equals("email") ? "email" : "phone");
		map.put("contact", contact());
		map.put("user_type", this.userType);
		map.put("password_hash", this.passwordHash);
		return map;
	}

	/**
	 * Which field holds the contact that has to be nobody else's.
	 */
	String contactField() {
		return (this.email != null) ? "email" : "phone_number";
	}

	private String contact() {
		Contact contact = Contact.toVerify(this.email, this.phone);
		return (contact != null) ? contact.normalized() : "";
	}

	@Override
	public String toString() {
		return "Candidate[" + this.line + "]";
	}

}
