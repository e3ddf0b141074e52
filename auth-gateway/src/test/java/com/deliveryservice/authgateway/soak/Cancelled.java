package com.deliveryservice.authgateway.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Clients that leave at a random point. */
final class Cancelled {

	private Cancelled() {
	}

	static int inRequest(Visitor visitor) throws IOException {
		byte[] body = Payload.of(visitor.number());
		String head = visitor
			.request("POST", Visitor.CUSTOMER + "echo/1", "Content-Length: " + (body.length + 1) + "\n")
			.replace("\n", "\r\n");
		byte[] all = (head + new String(body, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
		int length = visitor.chance() ? visitor.random().nextInt(head.length()) : visitor.random().nextInt(all.length);
		try (Wire wire = visitor.open()) {
			wire.send(java.util.Arrays.copyOf(all, length));
			hesitate(visitor);
			wire.leave(visitor.chance());
		}
		return 1;
	}

	static int beforeAnswer(Visitor visitor) throws IOException {
		String what = visitor.oneOf("bytes/", "large/", "chunks/", "silent/") + visitor.number();
		try (Wire wire = visitor.open()) {
			wire.send(visitor.oneOf(visitor.request("GET", Visitor.CUSTOMER + what, ""),
					visitor.request("GET", "/auth/me", ""), Visitor.anonymous("GET", Visitor.ILL + what, "")));
			hesitate(visitor);
			wire.leave(visitor.chance());
		}
		return 1;
	}

	static int inAnswer(Visitor visitor) throws IOException {
		try (Wire wire = visitor.openNarrow()) {
			wire.send(visitor.request("GET", Visitor.CUSTOMER + "large/" + visitor.number(), ""));
			wire.read(1 + visitor.random().nextInt(Payload.LARGE / 2));
			hesitate(visitor);
			wire.leave(visitor.chance());
		}
		return 1;
	}

	/** Until the gateway has had enough of it. */
	static int readsNothing(Visitor visitor) throws IOException {
		try (Wire wire = visitor.openNarrow()) {
			wire.send(visitor.request("GET", Visitor.CUSTOMER + "huge/1", ""));
			wire.read(1000);
			LockSupport.parkNanos(Duration.ofSeconds(6).toNanos());
			if (wire.read(Payload.HUGE).length >= Payload.HUGE - 1000) {
				throw new AssertionError("the gateway waited for a reader that reads nothing");
			}
		}
		return 1;
	}

	private static void hesitate(Visitor visitor) {
		if (visitor.chance()) {
			LockSupport.parkNanos(Duration.ofMillis(visitor.random().nextInt(12)).toNanos());
		}
	}

}
