package com.deliveryservice.authgateway.forward;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.identity.Caller;

/**
 * The right to go on with an exchange that lasts: looked at often enough, it is over when
 * the caller's session has ended or reached its absolute end. So open streams end with
 * the session, and no list of them is kept. Once a minute an open one moves the session's
 * idle limit.
 */
final class Lease {

	/** With the ticker's tenth and the way of a notification it stays within a second. */
	private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(250);

	/** A request's own beginning is noted by its token. */
	private static final long NOTE_EVERY = TimeUnit.MINUTES.toNanos(1);

	private final Edge.Lane lane;

	private final @Nullable Caller caller;

	private long next;

	private long nextNote;

	private boolean over;

	Lease(Edge.Lane lane, @Nullable Caller caller, long now) {
		this.lane = lane;
		this.caller = caller;
		this.next = now + PERIOD;
		this.nextNote = now + NOTE_EVERY;
	}

	/**
	 * Asks a few times a second.
	 * @param stream whether the answer is one without an end; another one is judged only
	 * once it has outlived its token
	 */
	boolean isOver(long now, boolean stream) {
		Caller known = this.caller;
		if (known == null || now < this.next) {
			return this.over;
		}
		this.next = now + PERIOD;
		if (!stream && this.lane.clock().instant().isBefore(known.expiresAt())) {
			return false;
		}
		this.over = this.lane.gatekeeper().hasEnded(known)
				|| !this.lane.clock().instant().isBefore(known.sessionExpiresAt());
		if (this.over) {
			return true;
		}
		if (now >= this.nextNote) {
			this.nextNote = now + NOTE_EVERY;
			this.lane.gatekeeper().noteStream(known);
		}
		return false;
	}

}
