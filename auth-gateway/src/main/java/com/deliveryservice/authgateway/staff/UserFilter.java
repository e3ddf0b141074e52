package com.deliveryservice.authgateway.staff;

import java.util.List;
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
	 * A filter with its page.
	 * @throws ProblemException 400 for a wrong one
	 */
	static Wanted of(@Nullable String status, @Nullable String login, @Nullable String size, @Nullable String token) {
		if (status != null && !status.equals(ManagedUser.ACTIVE) && !status.equals(ManagedUser.SUSPENDED)) {
			throw invalid("status", "is active or suspended");
		}
		if (login != null && login.indexOf('\0') >= 0) {
			throw invalid("login", "is a login");
		}
		PageToken after = (token != null) ? PageToken.parse(token) : null;
		if (token != null && after == null) {
			throw invalid("page_token", "is none that was given");
		}
		int wanted = size(size);
		return new Wanted(new UserQuery(status, (login != null) ? Login.fold(login) : null, after, wanted + 1), wanted);
	}

	/**
	 * A user's id; what cannot be one is nobody's.
	 * @throws ProblemException 404
	 */
	static UUID id(String text) {
		try {
			if (text.length() == UUID_LENGTH) {
				return UUID.fromString(text);
			}
		}
		catch (IllegalArgumentException ex) {
			throw Problem.of(ProblemCode.USER_NOT_FOUND).asException();
		}
		throw Problem.of(ProblemCode.USER_NOT_FOUND).asException();
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
	 * @param query for the database, with one row more
	 * @param size rows on the page
	 */
	record Wanted(UserQuery query, int size) {

	}

}
