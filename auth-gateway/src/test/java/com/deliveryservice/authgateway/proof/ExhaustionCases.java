package com.deliveryservice.authgateway.proof;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import com.deliveryservice.authgateway.forward.CapturingOrigin;
import com.deliveryservice.authgateway.forward.RawClient;
import com.deliveryservice.authgateway.proof.Case.NotAsExpected;
import com.deliveryservice.authgateway.proof.Trial.Seen;

/** Section H: exhaustion. */
@SuppressWarnings("StringConcatToTextBlock")
final class ExhaustionCases {

	private static final int PIPELINED = 500;

	private static final int MEGABYTE = 1 << 20;

	private ExhaustionCases() {
	}

	static List<Case> all() {
		return List.of(
				Case.of("130", "a head that does not end", "408 or closed, within the header time",
						ExhaustionCases::slowHead),
				Case.of("131", "a body that stops halfway", "408 or closed; the backend sees no end of it",
						ExhaustionCases::stoppedBody),
				Case.of("132", "an idle connection", "closed within the keep-alive time", ExhaustionCases::idle),
				Case.of("133", "a client that reads nothing of an answer of 1 GiB",
						"the backend is held back, then both are closed", ExhaustionCases::readsNothing),
				Case.of("135", "a body above the limit, by its length", "413, nothing forwarded",
						ExhaustionCases::tooLongByLength),
				Case.of("135", "a body above the limit, by chunks", "413, closed; the backend sees no end of it",
						ExhaustionCases::tooLongByChunks),
				Case.of("137", PIPELINED + " requests pipelined", "each answered, in order",
						ExhaustionCases::pipelined),
				Case.of("138", "`Upgrade: h2c`", "ignored or refused, no 101", ExhaustionCases::h2c),
				Case.of("138", "HTTP/2 with prior knowledge on the clear-text port", "refused, closed",
						(trial) -> closedWithoutHttp2(trial)));
	}

	private static String slowHead(Trial trial) throws NotAsExpected {
		try (RawClient client = trial.client()) {
			client.send("GET /public/x HTTP/1.1\nHost: a\nX-Slow: ");
			Seen seen = trial.await(client);
			Trial.expect(seen.closed(), seen.toString());
			return seen.toString();
		}
	}

	private static String stoppedBody(Trial trial) throws NotAsExpected {
		trial.origin(CapturingOrigin.Connection::readToEnd);
		try (RawClient client = trial.client()) {
			client.send("POST /public/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nhello\n");
			Seen seen = trial.await(client);
			Trial.expect(seen.closed() && !seen.hasStatus(200), seen.toString());
			Trial.expect(!trial.received().endsWith("\r\n0\r\n\r\n"), seen + ", the backend got a whole request");
			trial.eventually(() -> trial.origin().connections().stream().allMatch(CapturingOrigin.Connection::hasEnded),
					trial.patience(), seen + ", the backend waits on");
			return seen.toString();
		}
	}

	private static String idle(Trial trial) throws NotAsExpected {
		try (RawClient client = trial.client()) {
			client.send("GET /public/x HTTP/1.1\nHost: a\n\n");
			client.readAnswer();
			boolean closed = client.endsWithin(trial.keepAlive().plus(trial.patience()));
			Trial.expect(closed, "still open");
			return "closed";
		}
	}

	private static String readsNothing(Trial trial) throws NotAsExpected {
		AtomicLong written = new AtomicLong();
		trial.origin((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Length: 1073741824\n\n");
			byte[] piece = new byte[65536];
			while (written.get() < 1L << 30) {
				connection.write(piece);
				written.addAndGet(piece.length);
			}
		});
		try (RawClient client = trial.client()) {
			client.send("GET /public/x HTTP/1.1\nHost: a\n\n");
			trial.eventually(() -> trial.origin().connections().stream().anyMatch(CapturingOrigin.Connection::wasReset),
					trial.patience().multipliedBy(2), "not closed");
		}
		Trial.expect(written.get() < 64L << 20, written.get() / MEGABYTE + " MiB taken");
		return "held back, then closed";
	}

	private static String tooLongByLength(Trial trial) throws NotAsExpected {
		return trial.notForwarded("POST /public/x HTTP/1.1\nHost: a\nContent-Length: 2000000\n\n", 413);
	}

	private static String tooLongByChunks(Trial trial) throws NotAsExpected {
		trial.origin(CapturingOrigin.Connection::readToEnd);
		try (RawClient client = trial.client()) {
			client.send("POST /public/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n180000\n")
				.sendBytes(new byte[0x180000])
				.send("\n0\n\n");
			Seen seen = trial.await(client);
			Trial.expect(!trial.received().endsWith("\r\n0\r\n\r\n"), seen + ", the backend got all of it");
			Trial.expect(seen.hasStatus(413) && seen.closed(), seen.toString());
			return seen.toString();
		}
	}

	private static String pipelined(Trial trial) throws NotAsExpected {
		StringBuilder requests = new StringBuilder();
		for (int i = 0; i < PIPELINED; i++) {
			requests.append("GET /public/").append(i).append(" HTTP/1.1\nHost: a\n");
			requests.append((i == PIPELINED - 1) ? "Connection: close\n\n" : "\n");
		}
		try (RawClient client = trial.client()) {
			client.send(requests.toString()).endsWithin(trial.patience().multipliedBy(4));
			int answers = client.text().split("hello", -1).length - 1;
			Trial.expect(answers == PIPELINED, answers + " answered, " + trial.await(client));
		}
		int[] numbers = trial.received()
			.lines()
			.filter((line) -> line.startsWith("GET "))
			.mapToInt((line) -> Integer.parseInt(line.substring(12, line.lastIndexOf(' '))))
			.toArray();
		Trial.expect(java.util.Arrays.equals(numbers, java.util.stream.IntStream.range(0, PIPELINED).toArray()),
				"in another order");
		return "all, in order";
	}

	private static String h2c(Trial trial) throws NotAsExpected {
		Seen seen = trial.exchange("GET /public/x HTTP/1.1\nHost: a\nConnection: Upgrade, HTTP2-Settings\n"
				+ "Upgrade: h2c\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\n\n");
		Trial.expect(seen.status() >= 200 && trial.header("Upgrade").isEmpty(), seen.toString());
		return seen.toString();
	}

	private static String closedWithoutHttp2(Trial trial) throws NotAsExpected {
		Seen seen = trial.exchange("PRI * HTTP/2.0\n\nSM\n\n");
		Trial.expect(seen.closed() && (seen.status() == 0 || seen.status() >= 400), seen.toString());
		return seen.toString();
	}

}
