package com.deliveryservice.authgateway.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Fields as bytes for an HMAC: each with its length before it, so that no two lists of
 * fields are one, and behind a name, so that none is taken for a list of another kind.
 */
public final class FieldBytes {

	private static final int ABSENT = -1;

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

	private FieldBytes() {
	}

	/**
	 * Of this kind, without a field yet.
	 */
	public static FieldBytes of(String kind) {
		return new FieldBytes().add(kind);
	}

	/**
	 * Adds a text, or that there is none; of anything else its {@code toString}.
	 */
	public FieldBytes add(@Nullable Object text) {
		return add((text != null) ? text.toString().getBytes(StandardCharsets.UTF_8) : null);
	}

	/**
	 * Adds bytes, or that there are none.
	 */
	public FieldBytes add(byte @Nullable [] field) {
		int length = (field != null) ? field.length : ABSENT;
		this.bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
		if (field != null) {
			this.bytes.writeBytes(field);
		}
		return this;
	}

	/**
	 * All of it.
	 */
	public byte[] toByteArray() {
		return this.bytes.toByteArray();
	}

}
