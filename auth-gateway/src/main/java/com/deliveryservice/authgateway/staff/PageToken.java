package com.deliveryservice.authgateway.staff;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Where a page ended: the next one begins behind it. To clients it is opaque; a made-up
 * one only begins elsewhere, among what the caller may see anyway.
 *
 * @param createdAt of the last row, to the microsecond
 * @param id of the last row
 */
record PageToken(Instant createdAt, UUID id) {

	private static final int BYTES = 28;

	/** Beyond it PostgreSQL knows no times. */
	private static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

	/**
	 * Reads one; {@code null} if it is none.
	 */
	static @Nullable PageToken parse(String text) {
		try {
			byte[] bytes = Base64.getUrlDecoder().decode(text);
			if (bytes.length != BYTES) {
				return null;
			}
			ByteBuffer buffer = ByteBuffer.wrap(bytes);
			Instant createdAt = Instant.ofEpochSecond(buffer.getLong(), buffer.getInt());
			boolean possible = !createdAt.isBefore(Instant.EPOCH) && createdAt.isBefore(END);
			return possible ? new PageToken(createdAt, new UUID(buffer.getLong(), buffer.getLong())) : null;
		}
		catch (IllegalArgumentException | DateTimeException ex) {
			return null;
		}
	}

	String toText() {
		ByteBuffer buffer = ByteBuffer.allocate(BYTES)
			.putLong(this.createdAt.getEpochSecond())
			.putInt(this.createdAt.getNano())
			.putLong(this.id.getMostSignificantBits())
			.putLong(this.id.getLeastSignificantBits());
		return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
	}

}
