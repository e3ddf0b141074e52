package com.deliveryservice.authgateway.proof;

import java.util.ArrayList;
import java.util.List;

import com.deliveryservice.authgateway.forward.CapturingOrigin;
import com.deliveryservice.authgateway.forward.RawClient;
import com.deliveryservice.authgateway.proof.Case.NotAsExpected;
import com.deliveryservice.authgateway.proof.Trial.Seen;

/** Uploads that break, and uploads that are answered before they end. */
final class UploadCases {

	private static final String UPLOAD = "POST /public/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nhello\n";

	private static final String NO_END = "the backend sees no end of it, its connection is closed";

	private UploadCases() {
	}

	static List<Case> all() {
		List<Case> cases = new ArrayList<>();
		cases.add(Case.each("149", "a good chunk, then a malformed one", NO_END,
				(trial, bytes) -> broken(trial, (client) -> client.sendExactly(bytes)), "zz\r\nhello\r\n",
				"5\r\nhellohello\r\n", "-1\r\n", "5\nhello\r\n0\r\n\r\n"));
		cases.addAll(Case.byFinAndRst("149", "the client leaves between two chunks", NO_END,
				(trial, byReset) -> broken(trial, (client) -> leave(client, byReset))));
		cases.addAll(Case.byFinAndRst("149", "the client leaves inside a chunk", NO_END,
				(trial, byReset) -> broken(trial, (client) -> leave(client.sendExactly("5\r\nhe"), byReset))));
		cases.add(Case.of("149", "the client stops inside a chunk", NO_END,
				(trial) -> broken(trial, (client) -> client.sendExactly("5\r\nhe"))));
		cases.add(Case.each("18", "a refusal while 256 KiB of body are still coming", "the client reads it whole",
				UploadCases::refusedWhileComing, "401", "413"));
		return cases;
	}

	private static String broken(Trial trial, Break how) throws NotAsExpected {
		trial.origin(CapturingOrigin.Connection::readToEnd);
		try (RawClient client = trial.client()) {
			client.send(UPLOAD);
			trial.eventually(() -> trial.received().endsWith("hello\r\n"), trial.patience(), "not forwarded");
			how.apply(client);
			trial.eventually(() -> trial.origin().connection().hasEnded(), trial.patience(),
					"the backend's connection stays open");
		}
		Trial.expect(!trial.received().endsWith("\r\n0\r\n\r\n"), "the backend got a whole request");
		return "cut off";
	}

	private static void leave(RawClient client, boolean byReset) {
		if (byReset) {
			client.reset();
		}
		else {
			client.finish();
		}
	}

	/**
	 * The client sends all it has before it reads; a reset would take the answer away.
	 */
	private static String refusedWhileComing(Trial trial, String status) throws NotAsExpected {
		String path = status.equals("401") ? "/api/customer/x" : "/public/x";
		try (RawClient client = trial.client()) {
			client.send("POST " + path + " HTTP/1.1\nHost: a\nContent-Length: 20000000\n\n");
			for (int i = 0; i < 4; i++) {
				client.sendBytes(new byte[65536]);
			}
			Seen seen = trial.await(client);
			Trial.expect(seen.hasStatus(Integer.parseInt(status)) && seen.whole() && !seen.reset(), seen.toString());
			return seen.toString();
		}
	}

	/** How an upload breaks. */
	@FunctionalInterface
	private interface Break {

		void apply(RawClient client);

	}

}
