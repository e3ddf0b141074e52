package com.deliveryservice.authgateway.soak;

import java.io.IOException;

/**
 * A backend that misbehaves. Its breaker opens now and then, so any of its answers may be
 * a 503 as well.
 */
final class Broken {

	private Broken() {
	}

	static int answer(Visitor visitor) throws IOException {
		int asked = 2;
		for (int i = 0; i < asked; i++) {
			well(visitor);
		}
		String what = visitor.oneOf("none", "none", "short", "unended", "misframed", "hints", "switched", "trailing");
		String method = visitor.oneOf("GET", "POST");
		String length = method.equals("POST") ? "Content-Length: 0\n" : "";
		Reply reply = visitor.ask(Visitor.anonymous(method, Visitor.ILL + what + "/" + visitor.number(), length));
		if (reply.status() != 503) {
			judge(what, reply);
		}
		return asked + 1;
	}

	/** What it answers properly arrives properly. */
	private static void well(Visitor visitor) throws IOException {
		int number = visitor.number();
		Reply reply = visitor.ask(Visitor.anonymous("GET", Visitor.ILL + "bytes/" + number, ""));
		if (reply.status() != 503) {
			reply.mustBe(Payload.of(number));
		}
	}

	private static void judge(String what, Reply reply) {
		switch (what) {
			case "short", "unended" -> reply.mustBe(200).mustBeCut();
			case "hints", "trailing" -> reply.mustBe(new byte[] { 'h', 'e', 'l', 'l', 'o' });
			default -> reply.mustBe(502).mustBeWhole();
		}
	}

	static int stall(Visitor visitor) throws IOException {
		try (Wire wire = visitor.open()) {
			boolean begun = visitor.chance();
			wire.send(Visitor.anonymous("GET", Visitor.ILL + (begun ? "stalled/1" : "silent/1"), ""));
			Reply reply = wire.reply(false).mustBe(begun ? 200 : 504, 503);
			if (reply.status() == 200) {
				reply.mustBeCut();
			}
		}
		return 1;
	}

	/** It answers an upload that is still coming: the answer arrives, and both close. */
	static int earlyAnswer(Visitor visitor) throws IOException {
		try (Wire wire = visitor.open()) {
			wire.send(Visitor.anonymous("POST", Visitor.ILL + "early/1", "Content-Length: 100000\n"));
			wire.send(new byte[50_000]);
			Reply reply = wire.reply(false).mustBe(413, 503).mustBeWhole();
			if (!reply.closes()) {
				throw new AssertionError("does not close: " + reply);
			}
		}
		return 1;
	}

}
