package com.deliveryservice.authgateway.problem;

import java.nio.charset.StandardCharsets;

/**
 * What a problem is called on {@code /oauth2/**}, whichever lane refuses: RFC 6749 §5.2,
 * with {@code temporarily_unavailable} and {@code server_error} of §4.1.2.1 and
 * {@code slow_down} of RFC 8628 §3.5.
 */
public final class OAuthError {

	/** What the paths of OAuth begin with. */
	public static final String PATHS = "/oauth2/";

	private OAuthError() {
	}

	/**
	 * The body of the answer, {@code application/json}, UTF-8.
	 * @param problem what went wrong
	 */
	public static byte[] body(Problem problem) {
		return ("{\"error\":\"" + error(problem) + "\"}").getBytes(StandardCharsets.UTF_8);
	}

	private static String error(Problem problem) {
		return switch (problem.code()) {
			case INVALID_GRANT -> "invalid_grant";
			case UNSUPPORTED_GRANT_TYPE -> "unsupported_grant_type";
			case UNAUTHENTICATED, INVALID_CREDENTIALS, INVALID_TOKEN, FORBIDDEN -> "invalid_client";
			case TOO_MANY_REQUESTS, TOO_MANY_ATTEMPTS -> "slow_down";
			default -> errorOf(problem.status());
		};
	}

	private static String errorOf(int status) {
		if (status == 503) {
			return "temporarily_unavailable";
		}
		return (status >= 500) ? "server_error" : "invalid_request";
	}

}
