package com.deliveryservice.authgateway.session;

import java.util.UUID;

/**
 * Takes note that sessions are in use: at once and in memory, written to the database
 * later and in batches.
 */
public interface SessionActivity {

	/**
	 * A token of the session was used. To be called at most once a minute or so for each
	 * session: moves when it was last seen, and nothing else.
	 */
	void seen(UUID sessionId);

	/**
	 * A stream of the session is open. To be called about once a minute: moves when it
	 * was last seen and its idle limit, never past the absolute one.
	 */
	void streaming(UUID sessionId);

}
