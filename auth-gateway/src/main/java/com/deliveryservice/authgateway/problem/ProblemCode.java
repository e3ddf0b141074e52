package com.deliveryservice.authgateway.problem;

/**
 * The stable codes of everything that the gateway itself refuses
 * (contract/client-api.md).
 */
public enum ProblemCode {

	VALIDATION_FAILED("validation-failed", 400, "The request has invalid fields"),
	INVALID_REQUEST("invalid-request", 400, "The request is malformed"),
	INVALID_GRANT("invalid-grant", 400, "The refresh token is not valid"),
	UNSUPPORTED_GRANT_TYPE("unsupported-grant-type", 400, "The grant type is not supported"),
	UNAUTHENTICATED("unauthenticated", 401, "Authentication is needed"),
	INVALID_TOKEN("invalid-token", 401, "The access token is not valid"),
	INVALID_CREDENTIALS("invalid-credentials", 401, "Login or password is wrong"),
	FORBIDDEN("forbidden", 403, "The caller may not use this"),
	SIGN_UP_NOT_ALLOWED("sign-up-not-allowed", 403, "Signing up is not allowed"),
	NOT_ALLOWED("not-allowed", 403, "The caller may not manage this user"),
	NO_ROUTE("no-route", 404, "Nothing is served here"), SIGN_UP_NOT_FOUND("sign-up-not-found", 404, "No such sign-up"),
	PASSWORD_RESET_NOT_FOUND("password-reset-not-found", 404, "No such password reset"),
	SESSION_NOT_FOUND("session-not-found", 404, "No such session"),
	USER_NOT_FOUND("user-not-found", 404, "No such user"), KEY_NOT_FOUND("key-not-found", 404, "No such key"),
	METHOD_NOT_ALLOWED("method-not-allowed", 405, "The path does not take this method"),
	NOT_ACCEPTABLE("not-acceptable", 406, "The answer cannot be given in that form"),
	REQUEST_TIMEOUT("request-timeout", 408, "The request took too long to arrive"),
	USER_EXISTS("user-exists", 409, "The user already exists"),
	SIGN_UP_CLOSED("sign-up-closed", 410, "The sign-up is closed"),
	PASSWORD_RESET_CLOSED("password-reset-closed", 410, "The password reset is closed"),
	TOO_LARGE("too-large", 413, "The body is too large"),
	TARGET_TOO_LONG("target-too-long", 414, "The request target is too long"),
	UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "The media type is not supported"),
	WRONG_HOST("wrong-host", 421, "The host is not served here"),
	CODE_INCORRECT("code-incorrect", 422, "The code is wrong"),
	UPGRADE_REQUIRED("upgrade-required", 426, "WebSocket version 13 is required"),
	TOO_MANY_REQUESTS("too-many-requests", 429, "Too many requests"),
	TOO_MANY_ATTEMPTS("too-many-attempts", 429, "Too many attempts"),
	HEADERS_TOO_LARGE("headers-too-large", 431, "The header fields are too large"),
	INTERNAL_ERROR("internal-error", 500, "The gateway failed"),
	NOT_IMPLEMENTED("not-implemented", 501, "The gateway does not do this"),
	NOT_CONFIGURED("not-configured", 501, "This is not configured here"),
	BAD_GATEWAY("bad-gateway", 502, "The backend failed"),
	UPSTREAM_UNAVAILABLE("upstream-unavailable", 503, "The backend is not available"),
	AUTH_SERVICE_UNAVAILABLE("auth-service-unavailable", 503, "The authentication service is not available"),
	SERVICE_UNAVAILABLE("service-unavailable", 503, "This is not available at the moment"),
	OVERLOADED("overloaded", 503, "Too busy at the moment"),
	UPSTREAM_TIMEOUT("upstream-timeout", 504, "The backend did not answer in time"),
	LOOP("loop", 508, "The request came back to the gateway");

	private final String code;

	private final int status;

	private final String title;

	ProblemCode(String code, int status, String title) {
		this.code = code;
		this.status = status;
		this.title = title;
	}

	/**
	 * The stable code, as in the body's {@code code} and in {@code X-Gateway-Error}.
	 */
	public String code() {
		return this.code;
	}

	/**
	 * The usual HTTP status of this code.
	 */
	public int status() {
		return this.status;
	}

	/**
	 * A short English summary that never holds anything of the request.
	 */
	public String title() {
		return this.title;
	}

}
