package com.deliveryservice.authgateway.chain;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.audit.RecordedEvent;

import io.r2dbc.spi.Readable;

/**
 * An event as its row is.
 *
 * @param event what is kept
 * @param keyId of the key of its seal
 * @param seal in hexadecimal digits: who wrote it; {@code null}: from before there were
 * seals, or nobody of ours
 */
record SealedEvent(RecordedEvent event, @Nullable String keyId, @Nullable String seal) {

	/** Aliased, since the link has a key of its own. */
	static final String COLUMNS = RecordedEvent.COLUMNS + ", e.key_id AS event_key_id, encode(e.seal, 'hex') AS seal";

	static SealedEvent read(Readable row) {
		return new SealedEvent(RecordedEvent.read(row), row.get("event_key_id", String.class),
				row.get("seal", String.class));
	}

	boolean isSealed() {
		return this.keyId != null && this.seal != null;
	}

	/**
	 * Whether a gateway wrote exactly this; the key has to be among these.
	 */
	boolean isGenuine(MacKeys keys) {
		return keys.fits(this.keyId, this.event.bytes(), this.seal);
	}

	@Override
	public String toString() {
		return "event " + this.event.id() + " (" + this.event.type() + ", " + this.event.at() + ")";
	}

}
