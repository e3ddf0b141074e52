package com.deliveryservice.authgateway.session;

import java.util.Locale;

/**
 * Why a session ended.
 */
public enum EndReason {

	SIGN_OUT, REVOKED, REPLAY, REPLACED, PASSWORD_CHANGED, PASSWORD_RESET, SUSPENDED, TYPE_CHANGED, ENDED_BY_USER,
	ENDED_BY_STAFF, WORKFLOW_AUTH_REFUSED;

	/**
	 * As stored: lower case.
	 */
	public String code() {
		return name().toLowerCase(Locale.ROOT);
	}

}
