package com.deliveryservice.authgateway.staff;

import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.identity.UserType;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;

/**
 * Whom a caller may manage (contract/client-api.md, Staff).
 */
@Component
class StaffAccess {

	private static final String SCOPE = "users:manage";

	private static final Problem FORBIDDEN = Problem.of(ProblemCode.FORBIDDEN)
		.withHeader("WWW-Authenticate", "Bearer realm=\"auth-gateway\", error=\"insufficient_scope\"");

	private final UserTypes userTypes;

	StaffAccess(UserTypes userTypes) {
		this.userTypes = userTypes;
	}

	/**
	 * The user types that the caller manages.
	 * @throws ProblemException 403 {@code forbidden} if the caller is no staff
	 */
	Set<String> managedBy(Caller caller) {
		UserType type = this.userTypes.find(caller.userType());
		if (type == null || !caller.scopes().contains(SCOPE)) {
			throw FORBIDDEN.asException();
		}
		return type.manages();
	}

	/**
	 * The user types that users of this type manage.
	 */
	Set<String> managedByType(String userType) {
		UserType type = this.userTypes.find(userType);
		return (type != null) ? type.manages() : Set.of();
	}

	/**
	 * Who may invite to these user types: the inviter's type and the invitation's, with a
	 * space between them.
	 */
	Set<String> giving(Set<String> types) {
		return this.userTypes.all()
			.stream()
			.flatMap((inviter) -> inviter.manages()
				.stream()
				.filter(types::contains)
				.map((type) -> inviter.name() + " " + type))
			.collect(Collectors.toSet());
	}

	/**
	 * Whether there is such a user type.
	 */
	boolean isKnown(String userType) {
		return this.userTypes.find(userType) != null;
	}

	static ProblemException notAllowed(String detail) {
		return Problem.of(ProblemCode.NOT_ALLOWED).withDetail(detail).asException();
	}

}
