package com.deliveryservice.authgateway.soak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Exchanges that succeed. */
final class Good {

	private Good() {
	}

	static int get(Visitor visitor) throws IOException {
		int number = visitor.number();
		visitor.ask(visitor.request("GET", Visitor.CUSTOMER + "bytes/" + number, "")).mustBe(Payload.of(number));
		return 1;
	}

	static int chunked(Visitor visitor) throws IOException {
		int number = visitor.number();
		visitor.ask(visitor.request("GET", Visitor.CUSTOMER + "chunks/" + number, "")).mustBe(Payload.of(number));
		return 1;
	}

	static int post(Visitor visitor) throws IOException {
		int number = visitor.number();
		byte[] body = Payload.of(number);
		Wire wire = visitor.kept();
		wire.send(
				visitor.request("POST", Visitor.CUSTOMER + "echo/" + number, "Content-Length: " + body.length + "\n"));
		wire.send(body);
		wire.reply(false).mustBe(body);
		return 1;
	}

	static int postChunked(Visitor visitor) throws IOException {
		int number = visitor.number();
		byte[] body = Payload.of(number);
		Wire wire = visitor.kept();
		wire.send(visitor.request("POST", Visitor.CUSTOMER + "echo/" + number, "Transfer-Encoding: chunked\n"));
		wire.send(inChunks(visitor, body));
		wire.reply(false).mustBe(body);
		return 1;
	}

	private static byte[] inChunks(Visitor visitor, byte[] body) {
		ByteArrayOutputStream chunks = new ByteArrayOutputStream();
		int from = 0;
		while (from < body.length) {
			int length = 1 + visitor.random().nextInt(Math.min(5000, body.length - from));
			String extension = (visitor.random().nextInt(5) == 0) ? ";name=value" : "";
			chunks.writeBytes((Integer.toHexString(length) + extension + "\r\n").getBytes(StandardCharsets.US_ASCII));
			chunks.write(body, from, length);
			chunks.writeBytes(new byte[] { '\r', '\n' });
			from += length;
		}
		String trailers = visitor.chance() ? "X-Auth-User-Id: forged\r\n" : "";
		chunks.writeBytes(("0\r\n" + trailers + "\r\n").getBytes(StandardCharsets.US_ASCII));
		return chunks.toByteArray();
	}

	static int head(Visitor visitor) throws IOException {
		int number = visitor.number();
		Wire wire = visitor.kept();
		wire.send(visitor.request("HEAD", Visitor.CUSTOMER + "bytes/" + number, ""));
		String length = wire.reply(true).mustBe(200).header("Content-Length");
		if (Integer.parseInt(length) != Payload.of(number).length) {
			throw new AssertionError("another length: " + length);
		}
		return 1;
	}

	static int pipelined(Visitor visitor) throws IOException {
		int[] numbers = visitor.random().ints(5, 0, 1000).toArray();
		StringBuilder requests = new StringBuilder();
		for (int number : numbers) {
			requests.append(visitor.request("GET", Visitor.CUSTOMER + "bytes/" + number, ""));
		}
		Wire wire = visitor.kept();
		wire.send(requests.toString());
		for (int number : numbers) {
			wire.reply(false).mustBe(Payload.of(number));
		}
		return numbers.length;
	}

	static int openRoute(Visitor visitor) throws IOException {
		int number = visitor.number();
		visitor.ask(Visitor.anonymous("GET", Visitor.OPEN + "bytes/" + number, "")).mustBe(Payload.of(number));
		return 1;
	}

	static int http10(Visitor visitor) throws IOException {
		int number = visitor.number();
		try (Wire wire = visitor.open()) {
			wire.send("GET " + Visitor.OPEN + visitor.oneOf("bytes/", "chunks/") + number + " HTTP/1.0\n\n");
			wire.reply(false).mustBe(Payload.of(number));
		}
		return 1;
	}

	static int expectContinue(Visitor visitor) throws IOException {
		int number = visitor.number();
		byte[] body = Payload.of(number);
		Wire wire = visitor.kept();
		wire.send(visitor.request("POST", Visitor.CUSTOMER + "ask/" + number,
				"Expect: 100-continue\nContent-Length: " + (body.length + 1) + "\n"));
		wire.interim(false).mustBe(100);
		byte[] longer = java.util.Arrays.copyOf(body, body.length + 1);
		wire.send(longer);
		wire.reply(false).mustBe(longer);
		return 1;
	}

	static int slowReader(Visitor visitor) throws IOException {
		int number = visitor.number();
		byte[] expected = Payload.large(number);
		try (Wire wire = visitor.openNarrow()) {
			wire.send(visitor.request("GET", Visitor.CUSTOMER + "large/" + number, "Connection: close\n"));
			LockSupport.parkNanos(Duration.ofMillis(visitor.random().nextInt(40)).toNanos());
			wire.reply(false).mustBe(expected);
		}
		return 1;
	}

	/** Nothing that a client says about identity arrives; nor can it delete any. */
	static int spoofed(Visitor visitor) throws IOException {
		String headers = visitor.oneOf("X-Auth-User-Id: forged\n", "x_auth_user_id: forged\nX.Auth.User.Type: forged\n",
				"Connection: X-Auth-User-Id, X-Auth-Assertion\n", "X-Forwarded-For: 6.6.6.6\nForwarded: for=forged\n",
				"Via: 1.0 fred\nX-Original-URL: /forged\nX-HTTP-Method-Override: forged\n",
				"Proxy-Connection: forged\nTE: trailers\nUpgrade: forged\n");
		String seen = visitor.ask(visitor.request("GET", Visitor.CUSTOMER + "head/" + visitor.number(), headers))
			.mustBe(200)
			.mustBeWhole()
			.text();
		String lower = seen.toLowerCase(Locale.ROOT);
		if (lower.contains("forged") || lower.contains("6.6.6.6") || lower.split("\r\nx-auth-user-id: ", -1).length != 2
				|| lower.split("\r\nx-auth-assertion: ", -1).length != 2 || lower.contains("bearer")) {
			throw new AssertionError("the backend was told " + seen);
		}
		return 1;
	}

	/** The database's connections may all be taken for a moment. */
	static int api(Visitor visitor) throws IOException {
		Reply reply = visitor.ask(visitor.request("GET", "/auth/me", "")).mustBe(200, 503).mustBeWhole();
		boolean busy = reply.status() == 503 && !reply.header("Retry-After").isEmpty();
		if (!busy && !reply.text().contains("\"login\":\"customer\"")) {
			throw new AssertionError(reply);
		}
		return 1;
	}

}
