package com.deliveryservice.authgateway.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.deliveryservice.authgateway.forward.CapturingOrigin.Connection;
import com.deliveryservice.authgateway.forward.RawClient;
import com.deliveryservice.authgateway.proof.Case.NotAsExpected;
import com.deliveryservice.authgateway.proof.Trial.Seen;

/** Section K: event streams and WebSockets. */
@SuppressWarnings("StringConcatToTextBlock")
final class StreamCases {

	private static final String HANDSHAKE = "GET /ws/x HTTP/1.1\nHost: a\nConnection: Upgrade\nUpgrade: websocket\n"
			+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n";

	private static final String ACCEPTED = "HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: websocket\n"
			+ "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n\n";

	private static final Duration ONE_SECOND = Duration.ofSeconds(1);

	private StreamCases() {
	}

	static List<Case> all() {
		List<Case> cases = new ArrayList<>();
		cases.add(Case.of("K", "an event of a stream that goes on", "with the client at once", StreamCases::flushed));
		cases.addAll(Case.byFinAndRst("K", "the client leaves an event stream", "the backend sees it within 1 s",
				StreamCases::leavesEvents));
		cases.addAll(Case.byFinAndRst("K", "the backend ends an event stream midway", "cut off, no last chunk",
				StreamCases::eventsEnd));
		cases.add(Case.of("K", "a WebSocket", "frames pass both ways", StreamCases::webSocket));
		cases.addAll(Case.byFinAndRst("K", "the client vanishes from a WebSocket", "the backend sees it within 1 s",
				StreamCases::leavesWebSocket));
		cases.addAll(Case.byFinAndRst("K", "the backend vanishes from a WebSocket", "the client is closed within 1 s",
				StreamCases::webSocketEnds));
		cases.add(
				Case.of("K", "a frame that is not masked", "never reaches the backend, closed", StreamCases::unmasked));
		cases.add(handshake("177", "a handshake from a foreign origin", "403", "\n", "\nOrigin: https://evil.example\n",
				403));
		cases.add(handshake("177", "a handshake with the token in the query", "401", "/ws/x", "/ws/x?access_token=",
				401));
		cases.add(handshake("177", "a handshake of an old version", "426", "Version: 13", "Version: 8", 426));
		cases.add(Case.of("177", "an upgrade on a route that has none", "not upgraded", StreamCases::onOtherRoute));
		return cases;
	}

	private static String flushed(Trial trial) throws NotAsExpected {
		events(trial, false);
		try (RawClient client = subscribe(trial)) {
			trial.eventually(() -> client.endsWithin(Duration.ofMillis(10)) || client.text().contains("data: a"),
					ONE_SECOND, "held back");
			return "at once";
		}
	}

	/** An event, and the end when the origin is released. */
	private static void events(Trial trial, boolean byReset) {
		trial.origin((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n");
			connection.write("b\ndata: a\n\n\n");
			connection.awaitReleaseOrEnd();
			if (byReset) {
				connection.reset();
			}
		});
	}

	private static RawClient subscribe(Trial trial) {
		return trial.client().send("GET /public/events HTTP/1.1\nHost: a\nAccept: text/event-stream\n\n");
	}

	private static String leavesEvents(Trial trial, boolean byReset) throws NotAsExpected {
		events(trial, false);
		try (RawClient client = subscribe(trial)) {
			client.readUntil("data: a");
			leave(client, byReset);
			return backendSees(trial);
		}
	}

	private static void leave(RawClient client, boolean byReset) {
		if (byReset) {
			client.reset();
		}
		else {
			client.finish();
		}
	}

	private static String backendSees(Trial trial) throws NotAsExpected {
		trial.eventually(() -> trial.origin().connections().stream().allMatch(Connection::hasEnded), ONE_SECOND,
				"the backend's connection stays open");
		return "seen";
	}

	private static String eventsEnd(Trial trial, boolean byReset) throws NotAsExpected {
		events(trial, byReset);
		try (RawClient client = subscribe(trial)) {
			client.readUntil("data: a");
			trial.origin().release();
			Seen seen = trial.await(client);
			Trial.expect(seen.closed() && !seen.whole(), seen + (seen.whole() ? ", looks whole" : ""));
			return seen.toString();
		}
	}

	private static void frames(Trial trial, boolean byReset) {
		trial.origin((connection) -> {
			connection.readRequest();
			connection.write(ACCEPTED + "\u0081\u0005first");
			if (connection.readUntil("hear")) {
				connection.write("\u0081\u0006second");
				connection.awaitReleaseOrEnd();
			}
			if (byReset) {
				connection.reset();
			}
		});
	}

	private static RawClient open(Trial trial) throws NotAsExpected {
		RawClient client = trial.client().send(HANDSHAKE + trial.bearer() + "\n");
		trial.eventually(() -> client.endsWithin(Duration.ofMillis(10)) || client.text().contains("first"),
				trial.patience(), "no frame came");
		Trial.expect(client.text().startsWith("HTTP/1.1 101 "), trial.await(client).toString());
		return client;
	}

	private static String webSocket(Trial trial) throws NotAsExpected {
		frames(trial, false);
		try (RawClient client = open(trial)) {
			echo(trial, client);
			return "both ways";
		}
	}

	private static void echo(Trial trial, RawClient client) throws NotAsExpected {
		client.sendExactly("\u0081\u0084\0\0\0\0hear");
		trial.eventually(() -> client.endsWithin(Duration.ofMillis(10)) || client.text().contains("second"), ONE_SECOND,
				"no frame came back");
	}

	private static String leavesWebSocket(Trial trial, boolean byReset) throws NotAsExpected {
		frames(trial, false);
		try (RawClient client = open(trial)) {
			echo(trial, client);
			leave(client, byReset);
			return backendSees(trial);
		}
	}

	private static String webSocketEnds(Trial trial, boolean byReset) throws NotAsExpected {
		frames(trial, byReset);
		try (RawClient client = open(trial)) {
			echo(trial, client);
			trial.origin().release();
			Trial.expect(client.endsWithin(ONE_SECOND), "still open");
			return "closed";
		}
	}

	private static String unmasked(Trial trial) throws NotAsExpected {
		frames(trial, false);
		try (RawClient client = open(trial)) {
			client.sendExactly("\u0081\u0004hear");
			boolean closed = client.endsWithin(ONE_SECOND);
			Trial.expect(!trial.received().contains("hear"), "forwarded");
			Trial.expect(closed, "still open");
			return "closed";
		}
	}

	private static Case handshake(String number, String title, String expected, String right, String wrong,
			int status) {
		return Case.of(number, title, expected + ", not forwarded", (trial) -> {
			boolean inQuery = wrong.contains("access_token");
			String head = inQuery ? HANDSHAKE.replace(right, wrong + trial.bearer().strip().substring(22))
					: (status == 403) ? HANDSHAKE + trial.bearer() + wrong.strip() + "\n"
							: HANDSHAKE.replace(right, wrong) + trial.bearer();
			Seen seen = trial.exchange(head + "\n");
			Trial.expect(seen.hasStatus(status) && trial.received().isEmpty(), seen.toString());
			return seen.toString();
		});
	}

	private static String onOtherRoute(Trial trial) throws NotAsExpected {
		Seen seen = trial.exchange(HANDSHAKE.replace("/ws/x", "/public/x") + "\n");
		Trial.expect(!seen.hasStatus(101) && trial.header("Upgrade").isEmpty(),
				seen + (trial.header("Upgrade").isEmpty() ? "" : ", the upgrade was forwarded"));
		return seen.toString();
	}

}
