package com.deliveryservice.authgateway.proof;

import java.util.ArrayList;
import java.util.List;

import com.deliveryservice.authgateway.forward.CapturingOrigin;
import com.deliveryservice.authgateway.forward.CapturingOrigin.Connection;
import com.deliveryservice.authgateway.forward.RawClient;
import com.deliveryservice.authgateway.proof.Case.NotAsExpected;
import com.deliveryservice.authgateway.proof.Trial.Seen;

/** Section I: faults of the backend. */
@SuppressWarnings("StringConcatToTextBlock")
final class BackendCases {

	private static final String GET = "GET /public/x HTTP/1.1\nHost: a\n\n";

	private static final String POST = "POST /public/x HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello";

	private BackendCases() {
	}

	static List<Case> all() {
		List<Case> cases = new ArrayList<>();
		cases.add(Case.of("142", "nobody listens at the backend's port", "502, nothing of its address told",
				BackendCases::refused));
		cases.add(Case.of("143", "the backend is silent", "504, its connection closed", BackendCases::silent));
		cases.addAll(Case.byFinAndRst("144", "the backend ends before any byte, to a GET", "502",
				(trial, byReset) -> endsBeforeAnyByte(trial, GET, byReset)));
		cases.addAll(Case.byFinAndRst("144", "the same to a POST", "502, sent at most once",
				(trial, byReset) -> endsBeforeAnyByte(trial, POST, byReset)));
		cases.addAll(Case.byFinAndRst("145", "40 of 100 bytes, then the end", "cut off and closed at once",
				(trial, byReset) -> cut(trial, "HTTP/1.1 200 OK\nContent-Length: 100\n\n" + "x".repeat(40), byReset)));
		cases.addAll(Case.byFinAndRst("146", "one chunk, then the end", "cut off, no last chunk",
				(trial, byReset) -> cut(trial, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n", byReset)));
		cases.add(Case.each("148", "half an answer, then a stall", "cut off within the idle time",
				BackendCases::stalled, "Content-Length: 100\n\nhalf", "Transfer-Encoding: chunked\n\n4\nhalf\n"));
		cases.add(Case.each("151", "two `Content-Length`, or one with chunked", "502, its connection closed",
				BackendCases::misframed, "Content-Length: 5\nContent-Length: 6\n\nhello",
				"Content-Length: 5\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n"));
		cases.add(Case.of("152", "`103`, then 200", "200, and its body", BackendCases::hints));
		cases
			.add(Case.of("153", "a `101` that nobody asked for", "502, its connection closed", BackendCases::switched));
		cases.add(Case.each("153", "bytes behind the end of an answer", "they reach nobody, nor does its connection",
				BackendCases::poisoned, "HTTP/1.1 204 No Content\nContent-Length: 6\n\npoison",
				"HTTP/1.1 304 Not Modified\n\npoison",
				"HTTP/1.1 200 OK\nContent-Length: 5\n\nhelloHTTP/1.1 200 OK\nContent-Length: 6\n\npoison"));
		cases.addAll(Case.byFinAndRst("156", "a kept connection ends under a POST", "502 or served, sent at most once",
				BackendCases::stale));
		return cases;
	}

	private static String refused(Trial trial) throws NotAsExpected {
		Seen seen = trial.exchange("GET /dead/x HTTP/1.1\nHost: a\nConnection: close\n\n");
		Trial.expect(seen.hasStatus(502, 503), seen.toString());
		Trial.expect(!seen.text().contains("127.0.0.1") && !seen.text().contains("refused"), seen + ", tells of it");
		return seen.toString();
	}

	private static String silent(Trial trial) throws NotAsExpected {
		trial.origin(Connection::readToEnd);
		Seen seen = trial.exchange(GET);
		Trial.expect(seen.hasStatus(504), seen.toString());
		closesAtTheBackend(trial, seen);
		return seen.toString();
	}

	private static void closesAtTheBackend(Trial trial, Seen seen) throws NotAsExpected {
		trial.eventually(() -> trial.origin().connections().stream().allMatch(Connection::hasEnded), trial.patience(),
				seen + ", the backend's connection stays open");
	}

	private static String endsBeforeAnyByte(Trial trial, String request, boolean byReset) throws NotAsExpected {
		trial.origin((connection) -> {
			connection.readRequest();
			end(connection, byReset);
		});
		Seen seen = trial.exchange(request);
		long posts = trial.count("^POST ");
		Trial.expect(posts < 2, seen + ", sent " + posts + " times");
		Trial.expect(seen.hasStatus(502), seen.toString());
		return seen.toString();
	}

	private static void end(Connection connection, boolean byReset) throws java.io.IOException {
		if (byReset) {
			connection.reset();
		}
		else {
			connection.finish();
		}
	}

	private static String cut(Trial trial, String answer, boolean byReset) throws NotAsExpected {
		try (RawClient client = trial.client()) {
			trial.origin((connection) -> {
				connection.readRequest();
				connection.write(answer);
				connection.awaitRelease(); // until the client has it: a reset would drop
											// what is not read
				end(connection, byReset);
			});
			client.send(GET).endsWithin(java.time.Duration.ofMillis(200));
			trial.origin().release();
			Seen seen = trial.await(client);
			Trial.expect(seen.hasStatus(200, 502), seen.toString());
			Trial.expect(!seen.whole() || seen.hasStatus(502), seen + ", looks whole");
			Trial.expect(seen.closed(), seen.toString());
			return seen.toString();
		}
	}

	private static String stalled(Trial trial, String answer) throws NotAsExpected {
		trial.origin((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\n" + answer);
			connection.readToEnd();
		});
		Seen seen = trial.exchange(GET);
		Trial.expect(seen.closed() && !(seen.hasStatus(200) && seen.whole()), seen.toString());
		closesAtTheBackend(trial, seen);
		return seen.toString();
	}

	private static String misframed(Trial trial, String answer) throws NotAsExpected {
		trial.origin((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\n" + answer);
			connection.readToEnd();
		});
		Seen seen = trial.exchange(GET);
		Trial.expect(seen.hasStatus(502), seen.toString());
		closesAtTheBackend(trial, seen);
		return seen.toString();
	}

	private static String hints(Trial trial) throws NotAsExpected {
		trial.origin(CapturingOrigin
			.answering("HTTP/1.1 103 Early Hints\nLink: </a>\n\n" + "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"));
		try (RawClient client = trial.client()) {
			client.send(GET);
			Seen seen = trial.await(client);
			String last = seen.text().replaceFirst("(?s)^HTTP/1\\.1 103 .*?\r\n\r\n", "");
			Trial.expect(last.startsWith("HTTP/1.1 200 ") && last.endsWith("\r\n\r\nhello"), seen.toString());
			return (last.length() < seen.text().length()) ? "relayed, then 200" : "dropped, then 200";
		}
	}

	private static String switched(Trial trial) throws NotAsExpected {
		trial.origin((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: x\n\n"
					+ "HTTP/1.1 200 OK\nContent-Length: 6\n\npoison");
			connection.readToEnd();
		});
		Seen seen = trial.exchange(GET);
		Trial.expect(seen.hasStatus(502), seen.toString());
		closesAtTheBackend(trial, seen);
		return seen.toString();
	}

	private static String poisoned(Trial trial, String answer) throws NotAsExpected {
		trial.origin((connection) -> {
			while (connection.readRequest()) {
				connection.write(answer);
			}
		});
		Seen first = trial.exchange("GET /public/x HTTP/1.1\nHost: a\nConnection: close\n\n");
		Seen second = trial.exchange("GET /public/y HTTP/1.1\nHost: a\nConnection: close\n\n");
		Trial.expect(!first.text().contains("poison") && !second.text().contains("poison"), "poison reached a client");
		Trial.expect(trial.origin().connections().size() > 1, "the connection was used again");
		return "they reach nobody";
	}

	private static String stale(Trial trial, boolean byReset) throws NotAsExpected {
		trial.origin((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello");
			connection.readRequest();
			end(connection, byReset);
		});
		try (RawClient client = trial.client()) {
			client.send(GET).readAnswer();
			client.send(POST);
			Seen seen = trial.await(client);
			long posts = trial.count("^POST ");
			Trial.expect(posts < 2, seen + ", sent " + posts + " times");
			Trial.expect(seen.hasStatus(502, 200), seen.toString());
			return seen.toString();
		}
	}

}
