package com.deliveryservice.authgateway.forward;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of one direction as their bytes pass (RFC 6455 §5.2): copies
 * nothing, keeps nothing but a frame's head. Says where a frame of our own fits in, and
 * what no proper peer would send.
 */
final class WebSocketFrames {

	/** RFC 6455 §7.4.1. */
	static final int PROTOCOL_ERROR = 1002;

	/** RFC 6455 §7.4.1. */
	static final int TOO_BIG = 1009;

	static final int CLOSE = 0x8;

	private static final int FIN = 0x80;

	private static final int MASKED = 0x80;

	private static final int RESERVED = 0x70;

	private static final int LONGEST_CONTROL = 125;

	private final boolean masked;

	private final long longest;

	private final int extensionBits;

	private final byte[] head = new byte[14];

	private int headLength;

	private int headWanted = 2;

	private long payloadLeft;

	private boolean fragmented;

	private boolean closed;

	private int violation;

	/**
	 * One direction.
	 * @param masked whether its frames have to be masked: those of clients
	 * @param longest payload of a frame, in bytes
	 * @param extensionBits which of the reserved bits extensions may use
	 */
	WebSocketFrames(boolean masked, long longest, int extensionBits) {
		this.masked = masked;
		this.longest = longest;
		this.extensionBits = extensionBits;
	}

	/**
	 * Follows some bytes.
	 * @param bytes read by nobody but looked at
	 * @return how many of them, from the first readable on, are proper; behind the others
	 * nothing counts any more
	 */
	int follow(ByteBuf bytes) {
		int start = bytes.readerIndex();
		int end = bytes.writerIndex();
		int at = start;
		int frame = -1;
		while (at < end && !isOver()) {
			if (this.payloadLeft > 0) {
				int skipped = (int) Math.min(this.payloadLeft, end - at);
				this.payloadLeft -= skipped;
				at += skipped;
			}
			else {
				frame = (this.headLength == 0) ? at : frame;
				at++;
				head(bytes.getByte(at - 1));
			}
		}
		return ((this.violation != 0) ? withoutBadFrame(start, frame) : at) - start;
	}

	/**
	 * Of a frame that began in these bytes nothing passes; one that began in earlier ones
	 * stays begun.
	 */
	private int withoutBadFrame(int start, int frame) {
		if (frame < 0) {
			return start;
		}
		this.headLength = 0;
		return frame;
	}

	/**
	 * Whether what has passed so far ends where a frame does.
	 */
	boolean isAtBoundary() {
		return this.headLength == 0 && this.payloadLeft == 0;
	}

	/**
	 * Whether a close frame has passed: nothing may follow it.
	 */
	boolean isClosed() {
		return this.closed && isAtBoundary();
	}

	/**
	 * What was wrong, as a close code, or 0.
	 */
	int violation() {
		return this.violation;
	}

	private boolean isOver() {
		return this.violation != 0 || isClosed();
	}

	private void head(byte next) {
		this.head[this.headLength] = next;
		this.headLength++;
		if (this.headLength == 2) {
			this.headWanted = 2 + lengthBytes() + (this.masked ? 4 : 0);
			this.violation = isProper() ? 0 : PROTOCOL_ERROR;
		}
		if (this.violation == 0 && this.headLength == this.headWanted) {
			complete();
		}
	}

	private void complete() {
		long length = length();
		if (length < 0) {
			this.violation = PROTOCOL_ERROR;
		}
		else if (length > this.longest) {
			this.violation = TOO_BIG;
		}
		else {
			this.payloadLeft = length;
			this.headLength = 0;
			this.headWanted = 2;
		}
	}

	private boolean isProper() {
		boolean last = (this.head[0] & FIN) != 0;
		boolean maskedAsItMust = ((this.head[1] & MASKED) != 0) == this.masked;
		boolean knownBits = (this.head[0] & RESERVED & ~this.extensionBits) == 0;
		return maskedAsItMust && knownBits && isInOrder(this.head[0] & 0x0F, last);
	}

	private boolean isInOrder(int opcode, boolean last) {
		return switch (opcode) {
			case 0x0, 0x1, 0x2 -> isDataInOrder(opcode == 0x0, last);
			case CLOSE -> isProperClose(last);
			case 0x9, 0xA -> last && isShort();
			default -> false;
		};
	}

	private boolean isDataInOrder(boolean continues, boolean last) {
		boolean inOrder = continues == this.fragmented;
		this.fragmented = !last;
		return inOrder;
	}

	/** Half a code is none (RFC 6455 §5.5.1). */
	private boolean isProperClose(boolean last) {
		this.closed = last && isShort() && (this.head[1] & 0x7F) != 1;
		return this.closed;
	}

	private boolean isShort() {
		return (this.head[1] & 0x7F) <= LONGEST_CONTROL;
	}

	private int lengthBytes() {
		return switch (this.head[1] & 0x7F) {
			case 126 -> 2;
			case 127 -> 8;
			default -> 0;
		};
	}

	/** Negative for one over 2^63. */
	private long length() {
		int extended = lengthBytes();
		long length = (extended == 0) ? this.head[1] & 0x7F : 0;
		for (int i = 0; i < extended; i++) {
			length = (length << 8) | (this.head[2 + i] & 0xFF);
		}
		return length;
	}

}
