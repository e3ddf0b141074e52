package com.deliveryservice.authgateway.audit;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What can happen. The names are stored and given to clients: they never change.
 */
public enum EventType {

	/** A code was sent, a wrong one came, the user is there, and it was told. */
	SIGN_UP_STARTED, SIGN_UP_CODE_WRONG, USER_CREATED, SIGN_UP_COMPLETED,

	/** A session was opened; the password or login was wrong; nobody looked, for now. */
	SIGN_IN, SIGN_IN_FAILED, SIGN_IN_THROTTLED,

	/** The same successor was given again; a used token came: the session is ended. */
	REFRESH_REPEATED, REFRESH_REPLAYED,

	/** A session ended: the person signed out, or for the reason in the detail. */
	SIGN_OUT, SESSION_ENDED,

	/** Passwords. */
	PASSWORD_CHANGED, PASSWORD_CHANGE_FAILED, PASSWORD_RESET_REQUESTED, PASSWORD_RESET_CODE_WRONG, PASSWORD_RESET,

	/** What staff does. */
	INVITATION_CREATED, INVITATION_REVOKED, USER_SUSPENDED, USER_REACTIVATED, USER_TYPE_CHANGED, USER_SESSIONS_ENDED,

	/** Signing keys. */
	KEY_CREATED, KEY_ACTIVATED, KEY_RETIRED, KEY_REVOKED,

	/** An existing account was taken over from elsewhere. */
	USER_IMPORTED,

	/** Some other limit was reached. */
	THROTTLED,

	/**
	 * This trail itself: events that did not fit while the database was away, that were
	 * kept for long enough, and the key of its chain.
	 */
	EVENTS_DROPPED, EVENTS_EXPIRED, AUDIT_KEY_CHANGED;

	/**
	 * As stored and shown: lower case.
	 */
	public String code() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The type of a code, or {@code null} if there is none.
	 */
	static @Nullable EventType find(String code) {
		for (EventType type : values()) {
			if (type.code().equals(code)) {
				return type;
			}
		}
		return null;
	}

}
