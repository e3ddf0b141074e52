package com.deliveryservice.authgateway.route;

import java.util.Set;

/**
 * Who may use a route.
 *
 * @param anonymous everybody, without a token
 * @param userTypes any of these; empty for every type if there are scopes
 * @param scopes and all of these
 */
public record AccessRule(boolean anonymous, Set<String> userTypes, Set<String> scopes) {

	/** A route whose {@code access} is left out. */
	static final AccessRule NOBODY = new AccessRule(false, Set.of(), Set.of());

	public AccessRule {
		userTypes = Set.copyOf(userTypes);
		scopes = Set.copyOf(scopes);
	}

	/**
	 * Whether an authenticated caller may use the route.
	 * @param userType of the caller
	 * @param callerScopes of the caller
	 */
	public boolean allows(String userType, Set<String> callerScopes) {
		if (this.userTypes.isEmpty() && this.scopes.isEmpty()) {
			return this.anonymous;
		}
		return (this.userTypes.isEmpty() || this.userTypes.contains(userType)) && callerScopes.containsAll(this.scopes);
	}

}
