package com.deliveryservice.authgateway.proof;

import java.util.List;

import com.deliveryservice.authgateway.forward.RawClient;
import com.deliveryservice.authgateway.proof.Case.NotAsExpected;
import com.deliveryservice.authgateway.proof.Trial.Seen;

/** Section A: message framing and smuggling. */
@SuppressWarnings("StringConcatToTextBlock")
final class FramingCases {

	private static final String REFUSED = "400, closed, nothing forwarded";

	private static final String SMUGGLED = "GET /public/smuggled HTTP/1.1\nHost: a\n\n";

	private FramingCases() {
	}

	static List<Case> all() {
		return List.of(head("1", "`Content-Length` and `Transfer-Encoding`, a request behind",
				"1\nContent-Length: 4\nTransfer-Encoding: chunked", "1\nTransfer-Encoding: chunked\nContent-Length: 4"),
				head("2", "the same on HTTP/1.0", "0\nContent-Length: 4\nTransfer-Encoding: chunked"),
				head("3", "`Transfer-Encoding` on HTTP/1.0", "0\nTransfer-Encoding: chunked"),
				head("4", "two `Content-Length`", "1\nContent-Length: 4\nContent-Length: 5", "1\nContent-Length: 5, 5",
						"1\nContent-Length: 5\nContent-Length: 5"),
				head("5", "two `Content-Length` on HTTP/1.0", "0\nContent-Length: 4\nContent-Length: 5"),
				head("6", "`Content-Length` that is no number", "1\nContent-Length: +5", "1\nContent-Length: -5",
						"1\nContent-Length: 0x5", "1\nContent-Length: 5 5", "1\nContent-Length: 5;",
						"1\nContent-Length:", "1\nContent-Length: 99999999999999999999"),
				head("7", "`Transfer-Encoding` that only looks like chunked", "1\nTransfer-Encoding: xchunked",
						"1\nTransfer-Encoding: chunked, identity", "1\nTransfer-Encoding: chunked, chunked",
						"1\nTransfer-Encoding: chunked;q=1", "1\nTransfer-Encoding: \"chunked\"",
						"1\nTransfer-Encoding: \u000bchunked", "1\nTransfer-Encoding: chunked\u000b",
						"1\nTransfer-Encoding: chunked\nTransfer-Encoding: identity"),
				Case.each("8", "a transfer coding before chunked", "501 (or 400), closed, nothing forwarded",
						(trial, coding) -> trial.refused(post("1\nTransfer-Encoding: " + coding), 501, 400),
						"gzip, chunked", "identity, chunked", "identity\nTransfer-Encoding: chunked"),
				head("10", "white space before the colon, a folded line", "1\nTransfer-Encoding : chunked",
						"1\nTransfer-Encoding\t: chunked", "1\nTransfer-Encoding:\n chunked"),
				chunks("11", "bare LF or CR in chunk lines", "5\nabcde\r\n0\r\n\r\n", "5;a=b\nabcde\r\n0\r\n\r\n",
						"5\r\nabcde\n0\r\n\r\n", "5\rabcde\r\n0\r\n\r\n", "5;a=\"\r\n\"\r\nabcde\r\n0\r\n\r\n"),
				chunks("12", "a chunk size that is none", "0x5\r\nabcde\r\n0\r\n\r\n", "+5\r\nabcde\r\n0\r\n\r\n",
						"-5\r\nabcde\r\n0\r\n\r\n", " 5\r\nabcde\r\n0\r\n\r\n", "5 \r\nabcde\r\n0\r\n\r\n",
						"g\r\nabcde\r\n0\r\n\r\n", "\r\nabcde\r\n0\r\n\r\n", "100000005\r\nabcde\r\n0\r\n\r\n",
						"fffffffffffffffff\r\nabcde\r\n0\r\n\r\n"),
				chunks("13", "a chunk extension or trailers of 9,000 bytes",
						"5;" + "a".repeat(9000) + "\r\nabcde\r\n0\r\n\r\n",
						"5\r\nabcde\r\n0\r\nX: " + "a".repeat(9000) + "\r\n\r\n"),
				Case.each("14", "trailers that name identity, framing or credentials", "200, none forwarded",
						FramingCases::trailer, "X-Auth-User-Id: forged", "Content-Length: 3",
						"Authorization: Bearer forged"),
				Case.of("15", "`Sec-WebSocket-Key1` and `-Key2`, answered early, a request behind",
						"closed, or the second request is unharmed", FramingCases::deadHeaders),
				Case.each("16", "bytes that belong in no head", REFUSED, (trial, bytes) -> trial.refused(bytes, 400),
						"\u0001GET /public/x HTTP/1.1\nHost: a\n\n", "\u0000GET /public/x HTTP/1.1\nHost: a\n\n",
						"GET /public/x HTTP/1.1\nHost: a\nno colon\n\n", "GET /public/x HTTP/1.1\nHost: a\n: empty\n\n",
						"GET /public/x HTTP/1.1\n X: y\nHost: a\n\n",
						"GET /public/x HTTP/1.1\nHost: a\nX: a\u0000b\n\n",
						"GET /public/x HTTP/1.1\nHost: a\nX: a\rb\n\n", "GET  /public/x HTTP/1.1\nHost: a\n\n"),
				Case.of("18", "an upload answered early, a request inside its body",
						"401, closed or drained, nothing parsed out of it", FramingCases::earlyAnswer),
				Case.of("19", "`Expect: 100-continue` without a token", "401 at once, no 100, closed",
						FramingCases::expectWithoutToken),
				Case.of("20", "`Expect: 100-continue`, the backend says 417 at once", "417, the body is not waited for",
						FramingCases::expectRefused));
	}

	private static Case head(String number, String title, String... versionsAndHeaders) {
		return Case.each(number, title, REFUSED, (trial, headers) -> trial.refused(post(headers), 400),
				versionsAndHeaders);
	}

	private static String post(String versionAndHeaders) {
		return "POST /public/x HTTP/1." + versionAndHeaders + "\nHost: a\n\n0\n\nab" + SMUGGLED;
	}

	private static Case chunks(String number, String title, String... bytes) {
		return Case.each(number, title, "4xx, closed, no whole request forwarded", FramingCases::chunked, bytes);
	}

	private static String chunked(Trial trial, String chunks) throws NotAsExpected {
		try (RawClient client = trial.client()) {
			client.send("POST /public/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n").sendExactly(chunks);
			Seen seen = trial.await(client);
			Trial.expect(!trial.received().endsWith("\r\n0\r\n\r\n"), seen + ", the backend got a whole request");
			Trial.expect(seen.status() >= 400 && seen.status() < 500 && seen.closed(), seen.toString());
			return seen.toString();
		}
	}

	private static String trailer(Trial trial, String trailer) throws NotAsExpected {
		Seen seen = trial.exchange("POST /api/customer/x HTTP/1.1\nHost: a\nConnection: close\n" + trial.bearer()
				+ "Transfer-Encoding: chunked\n\n5\nhello\n0\n" + trailer + "\n\n");
		Trial.expect(seen.hasStatus(200), seen.toString());
		Trial.expect(!trial.received().contains("forged") && !trial.header("Content-Length").equals("3"), "forwarded");
		return "200, dropped";
	}

	private static String deadHeaders(Trial trial) throws NotAsExpected {
		try (RawClient client = trial.client()) {
			client.send("GET /api/customer/first HTTP/1.1\nHost: a\nSec-WebSocket-Key1: 1\nSec-WebSocket-Key2: 2\n\n");
			Seen first = trial.await(client);
			if (first.closed()) {
				return first.toString();
			}
			client.forget();
			client.send("GET /public/second HTTP/1.1\nHost: a\nConnection: close\n\n");
			Seen second = trial.await(client);
			Trial.expect(second.hasStatus(200) && trial.received().startsWith("GET /public/second "),
					"the next request: " + second);
			return "the next request: " + second;
		}
	}

	private static String earlyAnswer(Trial trial) throws NotAsExpected {
		Seen seen = trial.exchange("POST /api/customer/x HTTP/1.1\nHost: a\nContent-Length: "
				+ (2 * SMUGGLED.length() + 6) + "\n\n" + SMUGGLED + SMUGGLED);
		Trial.expect(seen.hasStatus(401) && seen.answers() == 1 && trial.received().isEmpty(), seen.toString());
		return seen.toString();
	}

	private static String expectWithoutToken(Trial trial) throws NotAsExpected {
		return trial.refused("POST /api/customer/x HTTP/1.1\nHost: a\nContent-Length: 5\nExpect: 100-continue\n\n",
				401);
	}

	private static String expectRefused(Trial trial) throws NotAsExpected {
		trial.origin((connection) -> {
			connection.readUntil("\r\n\r\n");
			connection.write("HTTP/1.1 417 Expectation Failed\nContent-Length: 0\n\n");
			connection.readToEnd();
		});
		Seen seen = trial.exchange("POST /api/customer/x HTTP/1.1\nHost: a\nContent-Length: 5\nExpect: 100-continue\n"
				+ trial.bearer() + "\n");
		String last = seen.text().replaceFirst("(?s)^HTTP/1\\.1 100 .*?\r\n\r\n", "");
		Trial.expect(last.startsWith("HTTP/1.1 417 "), seen.toString());
		return (last.length() < seen.text().length()) ? "100, then 417" : seen.toString();
	}

}
