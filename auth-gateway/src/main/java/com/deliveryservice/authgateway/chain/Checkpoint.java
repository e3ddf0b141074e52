package com.deliveryservice.authgateway.chain;

import java.time.Instant;
import java.util.Objects;

import com.deliveryservice.authgateway.audit.FieldBytes;

import io.r2dbc.spi.Readable;

/**
 * Where retention cut: everything up to this number was whole, was old, and is gone.
 *
 * @param number of the last link that is gone
 * @param mac in hexadecimal digits, of it, which the next one continues
 * @param at when it was cut
 * @param keyId of the key of the signature
 * @param signature in hexadecimal digits, over this and the checkpoint before
 */
record Checkpoint(long number, String mac, Instant at, String keyId, String signature) {

	/** What the first one has before it. */
	static final String NONE_BEFORE = "";

	static final String COLUMNS = "number, encode(mac, 'hex') AS mac, at, key_id, encode(signature, 'hex') AS signature";

	static Checkpoint sign(Head last, Instant at, String before, String keyId, MacKeys keys) {
		String signature = keys.mac(keyId, message(last.number(), last.mac(), at, before));
		return new Checkpoint(last.number(), last.mac(), at, keyId, signature);
	}

	static Checkpoint read(Readable row) {
		return new Checkpoint(Objects.requireNonNull(row.get("number", Long.class)),
				Objects.requireNonNull(row.get("mac", String.class)),
				Objects.requireNonNull(row.get("at", Instant.class)),
				Objects.requireNonNull(row.get("key_id", String.class)),
				Objects.requireNonNull(row.get("signature", String.class)));
	}

	/**
	 * Whether the key's owner signed this, behind that signature.
	 */
	boolean follows(String before, MacKeys keys) {
		return keys.fits(this.keyId, message(this.number, this.mac, this.at, before), this.signature);
	}

	Head asHead() {
		return new Head(this.number, this.mac, this.keyId, false);
	}

	private static byte[] message(long number, String mac, Instant at, String before) {
		return FieldBytes.of("checkpoint").add(before).add(number).add(mac).add(at).toByteArray();
	}

}
