package com.deliveryservice.authgateway.revocation;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.key.TokenSettings;
import com.deliveryservice.authgateway.session.EndedSessions;

/**
 * The ids of ended sessions, each for as long as a token of it could still pass. About
 * 100 bytes each.
 */
@Component
class EndedSessionRegistry implements EndedSessions {

	private static final long NEVER = Long.MIN_VALUE;

	/** A beat comes each second. */
	private static final long CUT_OFF_AFTER_MILLIS = 1500;

	private final Clock clock;

	private final long keepMillis;

	private final long maxStalenessMillis;

	/** Until when each is kept, in ms since 1970. */
	private final ConcurrentHashMap<UUID, Long> keptUntil = new ConcurrentHashMap<>();

	private volatile long upToDateAt = NEVER;

	/**
	 * When the database last answered on the connection kept for it; 0 once that is lost.
	 */
	private volatile long reachedAt;

	EndedSessionRegistry(Clock clock, TokenSettings tokens, RevocationSettings settings) {
		this.clock = clock;
		this.keepMillis = tokens.longestUse().toMillis();
		this.maxStalenessMillis = settings.maxStaleness().toMillis();
	}

	@Override
	public boolean contains(UUID sessionId) {
		return this.keptUntil.containsKey(sessionId);
	}

	@Override
	public void add(UUID sessionId) {
		this.keptUntil.putIfAbsent(sessionId, this.clock.millis() + this.keepMillis);
	}

	@Override
	public boolean areLoaded() {
		return this.upToDateAt != NEVER;
	}

	@Override
	public boolean isCutOff() {
		return this.clock.millis() - this.reachedAt > CUT_OFF_AFTER_MILLIS;
	}

	/**
	 * Takes note that the database answered on the connection kept for it.
	 */
	void reached() {
		this.reachedAt = this.clock.millis();
	}

	/**
	 * Takes note that this connection is lost.
	 */
	void lost() {
		this.reachedAt = 0;
	}

	@Override
	public boolean isStale() {
		long since = this.upToDateAt;
		return since == NEVER || this.clock.millis() - since > this.maxStalenessMillis;
	}

	/**
	 * Takes note that every ending that was committed at a moment is known; forgets those
	 * that no token can outlive.
	 * @param at the moment, in ms since 1970
	 */
	void upToDate(long at) {
		this.upToDateAt = Math.max(this.upToDateAt, at);
		long now = this.clock.millis();
		this.keptUntil.values().removeIf((until) -> until <= now);
	}

	/**
	 * How far back endings may be unknown: all that can matter, if nothing was read yet.
	 */
	Duration staleness() {
		long since = this.upToDateAt;
		long age = (since == NEVER) ? this.keepMillis : Math.max(0, this.clock.millis() - since);
		return Duration.ofMillis(Math.min(this.keepMillis, age));
	}

	int size() {
		return this.keptUntil.size();
	}

}
