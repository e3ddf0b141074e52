package com.deliveryservice.authgateway.soak;

import java.io.IOException;

/** Requests that are refused, and how the connection fares afterwards. */
final class Bad {

	/** Longer than what sockets hold, so that it is still coming when the answer goes. */
	private static final int UPLOAD = 3 * 1024 * 1024;

	private Bad() {
	}

	static int malformed(Visitor visitor) throws IOException {
		String line = "POST " + Visitor.OPEN + "echo/1 HTTP/1.1\nHost: a\n";
		String bytes = visitor.oneOf(line + "Content-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n",
				line + "Content-Length: 4\nContent-Length: 5\n\nabcde", line + "Content-Length: +4\n\nabcd",
				line + "Transfer-Encoding: xchunked\n\n0\n\n", line + "X A: b\n\n", line + "X: a\u0000b\n\n",
				line + "X: a\n folded\n\n", line + "Host: b\n\n", "GET /open/../api/manager/x HTTP/1.1\nHost: a\n\n",
				"GET /open/%2e%2e/x HTTP/1.1\nHost: a\n\n", "GET  /open/x HTTP/1.1\nHost: a\n\n",
				"GET /open/x HTTP/1.1\n\n", line + "Sec-WebSocket-Key1: 1\nSec-WebSocket-Key2: 2\n\n",
				line + "Authorization: Bearer a\nAuthorization: Bearer b\n\n", "\u0016\u0003\u0001\n\n\n\n");
		return refused(visitor, bytes, 400);
	}

	private static int refused(Visitor visitor, String bytes, int... statuses) throws IOException {
		try (Wire wire = visitor.open()) {
			wire.send(bytes);
			closed(wire, wire.reply(false).mustBe(statuses));
		}
		return 1;
	}

	private static void closed(Wire wire, Reply reply) {
		if (!reply.mustBeWhole().closes()) {
			throw new AssertionError("does not say that it closes: " + reply);
		}
		wire.mustEnd();
	}

	static int malformedChunk(Visitor visitor) throws IOException {
		String chunk = visitor.oneOf("zz\nhello\n", "5\nhellohello\n", "-1\n", "5 \nhello\n", "5;a=\"\n\"\nhello\n",
				"ffffffffffffffff\n");
		return refused(visitor, visitor.request("POST", Visitor.CUSTOMER + "echo/1", "Transfer-Encoding: chunked\n")
				+ "5\nhello\n" + chunk, 400);
	}

	/** Refusals after which the connection goes on. */
	static int unwanted(Visitor visitor) throws IOException {
		Reply reply = switch (visitor.random().nextInt(5)) {
			case 0 -> visitor.ask(Visitor.anonymous("GET", Visitor.CUSTOMER + "bytes/1", "")).mustBe(401);
			case 1 ->
				visitor.ask(Visitor.anonymous("GET", Visitor.CUSTOMER + "bytes/1", "Authorization: Bearer x.y.z\n"))
					.mustBe(401);
			case 2 -> visitor.ask(visitor.request("GET", Visitor.MANAGER + "bytes/1", "")).mustBe(403);
			case 3 -> visitor.ask(visitor.request("GET", "/nowhere", "")).mustBe(404);
			default -> visitor.ask(visitor.request("DELETE", Visitor.OPEN + "bytes/1", "")).mustBe(405);
		};
		if (reply.mustBeWhole().closes()) {
			throw new AssertionError("closes: " + reply);
		}
		return 1;
	}

	/** The client sends all it has before it reads: the answer must still be there. */
	static int uploadRefused(Visitor visitor) throws IOException {
		try (Wire wire = visitor.open()) {
			wire.send(Visitor.anonymous("POST", Visitor.CUSTOMER + "echo/1", "Content-Length: " + UPLOAD + "\n"));
			wire.send(new byte[64 * 1024]);
			closed(wire, wire.reply(false).mustBe(401));
		}
		return 1;
	}

	static int tooLarge(Visitor visitor) throws IOException {
		boolean byLength = visitor.chance();
		String framing = byLength ? "Content-Length: " + UPLOAD + "\n" : "Transfer-Encoding: chunked\n";
		try (Wire wire = visitor.open()) {
			wire.send(visitor.request("POST", Visitor.CUSTOMER + "echo/1", framing));
			wire.send(byLength ? "" : "30000\n");
			wire.send(new byte[0x30000]);
			closed(wire, wire.reply(false).mustBe(413));
		}
		return 1;
	}

	static int apiRefused(Visitor visitor) throws IOException {
		String json = "Content-Type: application/json\nContent-Length: ";
		switch (visitor.random().nextInt(4)) {
			case 0 -> visitor.ask(Visitor.anonymous("GET", "/auth/me", "")).mustBe(401).mustBeWhole();
			case 1 -> visitor.ask(Visitor.anonymous("POST", "/auth/sign-in", json + "5\n") + "{\"lo\"")
				.mustBe(400, 429)
				.mustBeWhole();
			case 2 -> visitor
				.ask(Visitor.anonymous("POST", "/oauth2/token",
						"Content-Type: application/x-www-form-urlencoded\nContent-Length: 14\n") + "grant_type=odd")
				.mustBe(400, 429)
				.mustBeWhole();
			default -> apiTooLarge(visitor, json);
		}
		return 1;
	}

	private static void apiTooLarge(Visitor visitor, String json) throws IOException {
		try (Wire wire = visitor.open()) {
			wire.send(Visitor.anonymous("POST", "/auth/sign-in", json + "100000\n"));
			wire.send(new byte[100_000]);
			wire.reply(false).mustBe(413).mustBeWhole();
		}
	}

	static int stalled(Visitor visitor) throws IOException {
		try (Wire wire = visitor.open()) {
			wire.send(visitor.oneOf("GET /open/bytes/1 HTTP/1.1\nHost",
					visitor.request("POST", Visitor.CUSTOMER + "echo/1", "Content-Length: 10\n") + "hello",
					visitor.request("POST", Visitor.CUSTOMER + "echo/1", "Transfer-Encoding: chunked\n") + "5\nhe"));
			closed(wire, wire.reply(false).mustBe(408));
		}
		return 1;
	}

}
