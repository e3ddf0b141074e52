package com.deliveryservice.authgateway.session;

import java.util.UUID;

/**
 * What this replica knows of ended sessions, in memory: asked on every request, fed by
 * this replica's own endings and by {@code revocation}.
 */
public interface EndedSessions {

	/**
	 * Whether the session has ended, as far as this replica knows. Never blocks, never
	 * asks the database.
	 */
	boolean contains(UUID sessionId);

	/**
	 * Takes note of an ended session; kept as long as a token of it can still be alive.
	 */
	void add(UUID sessionId);

	/**
	 * Whether the endings before this replica's start are known yet; until then no token
	 * can be judged.
	 */
	default boolean areLoaded() {
		return true;
	}

	/**
	 * Whether this replica cannot reach the database now, by the connection that it keeps
	 * for itself: then nobody can refresh. A full pool is none of this.
	 */
	default boolean isCutOff() {
		return false;
	}

	/**
	 * Whether what this replica knows may be older than
	 * {@code auth-gateway.revocation.max-staleness}.
	 */
	boolean isStale();

}
