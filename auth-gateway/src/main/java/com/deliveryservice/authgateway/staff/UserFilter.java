package com.deliveryservice.authgateway.staff;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.problem.FieldError;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.staff.ManagedUsers.UserQuery;

/**
 * Reads what staff asks for; whatever makes no sense is 400 {@code validation-failed}.
 */
final class UserFilter {

	private static final int USUAL = 50;

	private static final int MOST = 100;

	private static final int UUID_LENGTH = 36;

	private UserFilter() {
	}

	/**
	 * Checks a filter.
	 * @throws ProblemException 400 for a wrong one
	 */
	static Wanted of(@Nullable String status, @Nullable String login, @Nullable String size) {
		if (status != null && !status.equals(ManagedUser.ACTIVE) && !status.equals(ManagedUser.SUSPENDED)) {
			throw invalid("status", "is active or suspended");
		}
		if (login != null && login.indexOf('\0') >= 0) {
			throw invalid("login", "is a login");
		}
		return new Wanted(status, login, size(size));
	}

	/**
	 * A user's id; what cannot be one is nobody's.
	 * @throws ProblemException 404
	 */
	static UUID id(String text) {
		UUID id = idOrNone(text);
		if (id == null) {
			throw Problem.of(ProblemCode.USER_NOT_FOUND).asException();
		}
		return id;
	}

	/**
	 * An id, or {@code null} for what cannot be one.
	 */
	static @Nullable UUID idOrNone(String text) {
		try {
			return (text.length() == UUID_LENGTH) ? UUID.fromString(text) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * A user type that there is.
	 * @throws ProblemException 400
	 */
	static String known(@Nullable String userType, StaffAccess access) {
		if (userType == null || !access.isKnown(userType)) {
			throw invalid("user_type", "is a user type");
		}
		return userType;
	}

	static ProblemException invalid(String field, String message) {
		return Problem.invalid(List.of(new FieldError(field, "invalid", message))).asException();
	}

	private static int size(@Nullable String size) {
		if (size == null) {
			return USUAL;
		}
		if (!size.matches("[1-9][0-9]{0,2}") || Integer.parseInt(size) > MOST) {
			throw invalid("page_size", "is 1 to " + MOST);
		}
		return Integer.parseInt(size);
	}

	/**
	 * What is wanted.
	 *
	 * @param status only these, or {@code null}
	 * @param login only this one, as it was written, or {@code null}
	 * @param size rows on the page
	 */
	record Wanted(@Nullable String status, @Nullable String login, int size) {

		/**
		 * Whether nobody can have this login, so that nobody has to be looked for.
		 */
		boolean isNobody() {
			return this.login != null && Login.parse(this.login) == null;
		}

		/**
		 * For the database, with one row more: it shows whether there is another page.
		 */
		UserQuery query(@Nullable PageToken after) {
			return new UserQuery(this.status, normalized(), after, this.size + 1);
		}

		/**
		 * Which list it is; the size of its pages does not matter.
		 */
		String list(Set<String> types) {
			return "users " + new TreeSet<>(types) + " " + this.status + " " + normalized();
		}

		private @Nullable String normalized() {
			return (this.login != null) ? Login.fold(this.login) : null;
		}

	}

}
