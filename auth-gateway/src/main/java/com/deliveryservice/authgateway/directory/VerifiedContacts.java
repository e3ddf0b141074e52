package com.deliveryservice.authgateway.directory;

import java.util.UUID;

import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;

/**
 * Where active users can be told something that is for them alone: the contact that they
 * proved, and never the other one.
 */
@Component
public class VerifiedContacts {

	private static final String COLUMNS = """
			SELECT id, login, email, phone_number, verified_contact_kind, verified_contact FROM auth.user_account
			WHERE status = 'active'
			""";

	private final Database database;

	VerifiedContacts(Database database) {
		this.database = database;
	}

	/**
	 * That of the user of a login.
	 * @param login after {@link Login#fold}, anything
	 * @return empty if nobody active has it
	 */
	public Mono<Owner> ofLogin(String login) {
		return this.database.one((client) -> client.sql(COLUMNS + " AND login_normalized = :login")
			.bind("login", login)
			.map(VerifiedContacts::owner)
			.one());
	}

	/**
	 * That of the user who proved this contact.
	 * @return empty if nobody active did
	 */
	public Mono<Owner> of(Contact contact) {
		return this.database
			.one((client) -> client.sql(COLUMNS + " AND verified_contact_kind = :kind AND verified_contact = :contact")
				.bind("kind", contact.kind().column())
				.bind("contact", contact.normalized())
				.map(VerifiedContacts::owner)
				.one());
	}

	private static Owner owner(Readable row) {
		boolean byEmail = Contact.Kind.EMAIL.column().equals(row.get("verified_contact_kind", String.class));
		Contact written = byEmail ? Contact.email(row.get("email", String.class))
				: Contact.phone(row.get("phone_number", String.class));
		return new Owner(StoredUsers.column(row, "id", UUID.class), StoredUsers.column(row, "login", String.class),
				byEmail ? Contact.Kind.EMAIL : Contact.Kind.PHONE,
				asWritten(written, StoredUsers.column(row, "verified_contact", String.class)));
	}

	/**
	 * Mail servers may distinguish what comparing contacts does not.
	 */
	private static String asWritten(@Nullable Contact written, String verified) {
		return (written != null && written.normalized().equals(verified)) ? written.written() : verified;
	}

	/**
	 * An active user's proved contact. Never prints it.
	 *
	 * @param userId the user's id
	 * @param login as the person wrote it
	 * @param kind of the contact
	 * @param contact where to tell
	 */
	public record Owner(UUID userId, String login, Contact.Kind kind, String contact) {

		@Override
		public String toString() {
			return "Owner[" + this.userId + "]";
		}

	}

}
