package com.deliveryservice.authgateway.session;

import java.util.UUID;

/**
 * What came of a refresh. That the database cannot tell is none of these: it is a
 * failure, and the token is as good as before.
 */
public sealed interface RefreshResult {

	/**
	 * The session goes on.
	 *
	 * @param session with the refresh token that follows
	 * @param repeated whether that token was given before: the client had lost it, or
	 * refreshed twice at once
	 */
	record Refreshed(OpenSession session, boolean repeated) implements RefreshResult {

	}

	/**
	 * The token is not good, and will not be again.
	 *
	 * @param reason for the log alone
	 */
	record Rejected(Reason reason) implements RefreshResult {

	}

	/**
	 * The token is good and was not used up, but the session token of workflow-auth
	 * behind the session is about to end, or did: it has to be renewed first
	 * ({@link Sessions#renewed}), or passed over ({@link Sessions#refreshInGrace}).
	 *
	 * @param sessionId the session
	 * @param userId whose it is
	 */
	record RenewalDue(UUID sessionId, UUID userId) implements RefreshResult {

	}

	/**
	 * The token is good and was not used up: the session was renewed too often just now.
	 */
	record TooMany() implements RefreshResult {

	}

	/**
	 * Why a token is not good.
	 */
	enum Reason {

		/** Nobody ever got it, or its session is long gone. */
		UNKNOWN,

		/** The session reached its idle or absolute limit. */
		EXPIRED,

		/** The session ended before. */
		ENDED,

		/** It was used before: its session has been ended by this. */
		REPLAYED

	}

}
