package com.deliveryservice.authgateway.soak;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * What came back for one request.
 *
 * @param status 0 if not even a head came
 * @param head with its status line, as it came
 * @param body without its framing
 * @param whole whether it came to its proper end
 */
@SuppressWarnings("ArrayRecordComponent")
record Reply(int status, String head, byte[] body, boolean whole) {

	static final Reply NONE = new Reply(0, "", new byte[0], false);

	/** The value of a header, or an empty text. */
	String header(String name) {
		int at = this.head.toLowerCase(Locale.ROOT).indexOf("\r\n" + name.toLowerCase(Locale.ROOT) + ": ");
		return (at < 0) ? "" : this.head.substring(at + name.length() + 4, this.head.indexOf("\r\n", at + 2)).strip();
	}

	boolean closes() {
		return header("Connection").equalsIgnoreCase("close");
	}

	String text() {
		return new String(this.body, StandardCharsets.ISO_8859_1);
	}

	/** Fails unless it is the 200 with these very bytes. */
	void mustBe(byte[] expected) {
		mustBe(200);
		if (!this.whole || !Arrays.equals(this.body, expected)) {
			throw new AssertionError("other bytes: " + this.body.length + " of " + expected.length
					+ (this.whole ? "" : ", cut off") + "; " + this);
		}
	}

	/** Fails unless it has one of these statuses. */
	Reply mustBe(int... statuses) {
		if (this.status == 0) {
			throw new Unanswered(Arrays.toString(statuses));
		}
		if (Arrays.stream(statuses).noneMatch((status) -> status == this.status)) {
			throw new AssertionError("expected " + Arrays.toString(statuses) + ", got " + this);
		}
		return this;
	}

	Reply mustBeWhole() {
		if (!this.whole) {
			throw new AssertionError("cut off: " + this);
		}
		return this;
	}

	/** Fails if it looks whole though it is not. */
	void mustBeCut() {
		if (this.whole) {
			throw new AssertionError("looks whole: " + this);
		}
	}

	@Override
	public String toString() {
		String text = text();
		return this.head + "\r\n" + text.substring(0, Math.min(text.length(), 300)) + (this.whole ? "" : " (cut off)");
	}

}
