package com.deliveryservice.authgateway.identity;

import java.util.function.BiConsumer;

/**
 * The identity headers of contract/backends.md, each exactly once. What came in under
 * such a name is removed first (see {@link ReservedHeaders}); these are written last.
 */
public final class IdentityHeaders {

	public static final String USER_ID = "X-Auth-User-Id";

	public static final String USER_TYPE = "X-Auth-User-Type";

	public static final String SCOPES = "X-Auth-Scopes";

	public static final String SESSION_ID = "X-Auth-Session-Id";

	public static final String ASSERTION = "X-Auth-Assertion";

	private IdentityHeaders() {
	}

	/**
	 * Writes who calls.
	 * @param caller who
	 * @param assertion the signed proof for this backend
	 * @param to takes name and value
	 */
	public static void write(Caller caller, String assertion, BiConsumer<String, String> to) {
		to.accept(USER_ID, caller.userId().toString());
		to.accept(USER_TYPE, caller.userType());
		to.accept(SCOPES, caller.scope());
		to.accept(SESSION_ID, caller.sessionId().toString());
		to.accept(ASSERTION, assertion);
	}

	/**
	 * Writes that nobody is known: each header empty, for an ingress that copies them
	 * over the client's.
	 */
	public static void writeNobody(BiConsumer<String, String> to) {
		to.accept(USER_ID, "");
		to.accept(USER_TYPE, "");
		to.accept(SCOPES, "");
		to.accept(SESSION_ID, "");
		to.accept(ASSERTION, "");
	}

}
