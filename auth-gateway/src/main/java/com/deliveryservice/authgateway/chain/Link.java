package com.deliveryservice.authgateway.chain;

import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.audit.FieldBytes;

import io.r2dbc.spi.Readable;

/**
 * A place in the chain, with the event that has it.
 *
 * @param number its place, from 1 on
 * @param eventId whose place it is
 * @param keyId of the key of its mac
 * @param mac in hexadecimal digits: over the one before, the place and the event
 * @param standing how the event was found then
 * @param event {@code null}: it is gone
 */
record Link(long number, UUID eventId, String keyId, String mac, Standing standing, @Nullable SealedEvent event) {

	static Link of(Head before, SealedEvent event, Standing standing, String keyId, MacKeys keys) {
		long number = before.number() + 1;
		String mac = keys.mac(keyId, message(before.mac(), number, standing, event));
		return new Link(number, event.event().id(), keyId, mac, standing, event);
	}

	static Link read(Readable row) {
		return new Link(Objects.requireNonNull(row.get("number", Long.class)),
				Objects.requireNonNull(row.get("event_id", UUID.class)),
				Objects.requireNonNull(row.get("key_id", String.class)),
				Objects.requireNonNull(row.get("mac", String.class)),
				Standing.of(Objects.requireNonNull(row.get("standing", String.class))),
				(row.get("id", UUID.class) != null) ? SealedEvent.read(row) : null);
	}

	/**
	 * Whether the key's owner put this event here, behind that mac.
	 */
	boolean follows(String before, MacKeys keys) {
		return this.event != null
				&& keys.fits(this.keyId, message(before, this.number, this.standing, this.event), this.mac);
	}

	Head asHead() {
		return new Head(this.number, this.mac, this.keyId, this.standing == Standing.OLDER);
	}

	private static byte[] message(String before, long number, Standing standing, SealedEvent event) {
		return FieldBytes.of("link")
			.add(before)
			.add(number)
			.add(standing.code())
			.add(event.event().bytes())
			.add(event.keyId())
			.add(event.seal())
			.toByteArray();
	}

	@Override
	public String toString() {
		return "link " + this.number + ((this.event != null) ? ", " + this.event : ", event " + this.eventId);
	}

}
