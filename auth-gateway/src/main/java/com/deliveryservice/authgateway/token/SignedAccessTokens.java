package com.deliveryservice.authgateway.token;

import java.time.Clock;

import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.key.KeyRing;
import com.deliveryservice.authgateway.session.EndedSessions;
import com.deliveryservice.authgateway.session.Session;

/**
 * Verifies each token once, then asks only what can change: has it expired, is its key
 * still good, has its session ended.
 */
@Component
class SignedAccessTokens implements AccessTokens {

	private final TokenMinter minter;

	private final TokenVerifier verifier;

	private final KeyRing keys;

	private final EndedSessions endedSessions;

	private final Clock clock;

	private final VerifiedTokens verified;

	private final long graceMillis;

	private final long skewMillis;

	SignedAccessTokens(TokenMinter minter, TokenVerifier verifier, KeyRing keys, EndedSessions endedSessions,
			Clock clock, VerifiedTokens verified) {
		this.minter = minter;
		this.verifier = verifier;
		this.keys = keys;
		this.endedSessions = endedSessions;
		this.clock = clock;
		this.verified = verified;
		this.graceMillis = verified.settings().outageGrace().toMillis();
		this.skewMillis = verified.settings().clockSkew().toMillis();
	}

	@Override
	public AccessToken mint(Session session) {
		return this.minter.mint(session);
	}

	@Override
	public Caller verify(String token) {
		VerifiedToken known = this.verified.find(token);
		if (known != null) {
			return stillGood(known);
		}
		if (!this.keys.areLoaded() || !this.endedSessions.areLoaded()) {
			throw new KeysUnavailableException();
		}
		VerifiedToken fresh = this.verifier.verify(token);
		Caller caller = stillGood(fresh);
		this.verified.put(token, fresh);
		return caller;
	}

	private Caller stillGood(VerifiedToken token) {
		long now = this.clock.millis();
		if (now >= token.endsAt()) {
			requireGrace(token, now);
		}
		if (this.keys.find(token.key().kid()) != token.key()) {
			throw new InvalidTokenException("kid");
		}
		if (this.endedSessions.contains(token.caller().sessionId())) {
			throw new InvalidTokenException("session ended");
		}
		this.verified.used(token, now);
		return token.caller();
	}

	/**
	 * Nobody can refresh while the database cannot be reached: until the grace is over
	 * the token passes, and after it we cannot tell. Without a grace, and once the
	 * session itself is at its end, expired is expired.
	 */
	private void requireGrace(VerifiedToken token, long now) {
		long sessionEndsAt = token.caller().sessionExpiresAt().toEpochMilli();
		if (this.graceMillis == 0 || now >= sessionEndsAt || !this.endedSessions.isCutOff()) {
			throw new InvalidTokenException("expired");
		}
		if (now - token.endsAt() >= this.graceMillis && !this.endedSessions.contains(token.caller().sessionId())) {
			throw new KeysUnavailableException();
		}
	}

	@Override
	public boolean isPastExpiry(Caller caller) {
		return this.clock.millis() >= caller.expiresAt().toEpochMilli() + this.skewMillis;
	}

}
