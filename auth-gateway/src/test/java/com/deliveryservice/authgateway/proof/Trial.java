package com.deliveryservice.authgateway.proof;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import com.deliveryservice.authgateway.forward.CapturingOrigin;
import com.deliveryservice.authgateway.forward.RawClient;
import com.deliveryservice.authgateway.proof.Case.NotAsExpected;

/**
 * The driver of one attempt: sends bytes, watches both sides, and says what it saw.
 */
final class Trial {

	private static final Duration SLICE = Duration.ofMillis(20);

	/** After a whole answer a connection that is still open stays open. */
	private static final Duration QUIET = Duration.ofMillis(300);

	private final Subject subject;

	Trial(Subject subject) {
		this.subject = subject;
	}

	/** Nothing of the attempt before is left. */
	Trial fresh() {
		origin(CapturingOrigin.hello());
		return this;
	}

	CapturingOrigin origin() {
		return this.subject.origin();
	}

	/** What the origin does from now on, on new connections. */
	void origin(CapturingOrigin.Script script) {
		this.subject.origin().renew(script);
	}

	RawClient client() {
		return RawClient.to(this.subject.port());
	}

	/** The header line of a customer. */
	String bearer() {
		return "Authorization: Bearer " + this.subject.token() + "\n";
	}

	/** Longer than any wait that the gateway was told to keep. */
	Duration patience() {
		return this.subject.longest().multipliedBy(2).plusMillis(1500);
	}

	Duration keepAlive() {
		return this.subject.keepAlive();
	}

	/** What comes for these bytes on a connection of their own; {@code \n} is CRLF. */
	Seen exchange(String request) {
		try (RawClient client = client()) {
			return await(client.send(request));
		}
	}

	/** What comes on a connection until it ends, or is quiet after a whole answer. */
	Seen await(RawClient client) {
		return await(client, patience());
	}

	Seen await(RawClient client, Duration patience) {
		long end = System.nanoTime() + patience.toNanos();
		boolean closed = false;
		boolean quiet = false;
		while (!closed && !quiet && System.nanoTime() < end) {
			closed = client.endsWithin(SLICE);
			quiet = !closed && Seen.isWhole(client.text()) && !client.endsWithin(QUIET) && Seen.isWhole(client.text());
		}
		return new Seen(client.text(), closed || client.endsWithin(SLICE), client.wasReset());
	}

	/** Refused with one of these statuses, closed, and the origin has seen nothing. */
	String refused(String request, int... statuses) throws NotAsExpected {
		Seen seen = exchange(request);
		if (!seen.closed()) {
			throw new NotAsExpected(seen + forwarded());
		}
		return notForwarded(seen, statuses);
	}

	/** Refused with one of these statuses, once, and the origin has seen nothing. */
	String notForwarded(String request, int... statuses) throws NotAsExpected {
		return notForwarded(exchange(request), statuses);
	}

	private String notForwarded(Seen seen, int... statuses) throws NotAsExpected {
		if (!seen.hasStatus(statuses) || seen.answers() != 1 || !received().isEmpty()) {
			throw new NotAsExpected(seen + forwarded());
		}
		return seen.toString();
	}

	private String forwarded() {
		long requests = count("^(GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|TRACE|CONNECT|[A-Za-z]+) \\S+ HTTP/1\\.1\r$");
		return (requests == 0) ? "" : ", origin saw " + requests + ((requests == 1) ? " request" : " requests");
	}

	String received() {
		return origin().received();
	}

	/** How often a line of what the origin received matches, in any case of letters. */
	long count(String regex) {
		return Pattern.compile(regex, Pattern.MULTILINE | Pattern.UNIX_LINES | Pattern.CASE_INSENSITIVE)
			.matcher(received())
			.results()
			.count();
	}

	/** The value of a header as the origin got it; several joined by a bar. */
	String header(String name) {
		Matcher matcher = Pattern.compile("(?dim)^" + Pattern.quote(name) + ": ?(.*?)\r$").matcher(received());
		return String.join(" | ", matcher.results().map((found) -> found.group(1)).toList());
	}

	/** Fails unless it becomes true in time. */
	void eventually(Condition condition, Duration within, String otherwise) throws NotAsExpected {
		try {
			Awaitility.await().pollInterval(SLICE).atMost(within).until(condition::holds);
		}
		catch (ConditionTimeoutException ex) {
			throw new NotAsExpected(otherwise);
		}
	}

	static void expect(boolean right, String otherwise) throws NotAsExpected {
		if (!right) {
			throw new NotAsExpected(otherwise);
		}
	}

	/** Something to wait for. */
	@FunctionalInterface
	interface Condition {

		boolean holds() throws Exception;

	}

	/**
	 * What came to a client.
	 *
	 * @param text byte by byte
	 * @param closed whether the connection has ended
	 * @param reset whether by RST
	 */
	record Seen(String text, boolean closed, boolean reset) {

		int status() {
			return this.text.matches("(?s)HTTP/1\\.[01] \\d{3}.*") ? Integer.parseInt(this.text.substring(9, 12)) : 0;
		}

		boolean hasStatus(int... statuses) {
			return Arrays.stream(statuses).anyMatch((status) -> status == status());
		}

		/** How many answers there are, by their status lines. */
		long answers() {
			return Pattern.compile("HTTP/1\\.[01] \\d{3} ").matcher(this.text).results().count();
		}

		String body() {
			int head = this.text.indexOf("\r\n\r\n");
			return (head < 0) ? "" : this.text.substring(head + 4);
		}

		boolean whole() {
			return isWhole(this.text);
		}

		/** Whether it ends where its framing says that it ends. */
		static boolean isWhole(String text) {
			int head = text.indexOf("\r\n\r\n");
			if (head < 0) {
				return false;
			}
			String lower = text.substring(0, head + 2).toLowerCase(Locale.ROOT);
			Matcher length = Pattern.compile("\r\ncontent-length: *(\\d+)\r\n").matcher(lower);
			if (length.find()) {
				return text.length() >= head + 4 + Integer.parseInt(length.group(1));
			}
			return !lower.contains("\r\ntransfer-encoding: chunked\r\n") || text.endsWith("\r\n0\r\n\r\n");
		}

		@Override
		public String toString() {
			String what = (status() == 0) ? "no answer" : String.valueOf(status());
			if (answers() > 1) {
				what = answers() + " answers, the first " + what;
			}
			boolean cut = status() >= 200 && !whole();
			return what + (cut ? " cut off" : "")
					+ (this.reset ? ", reset" : this.closed ? ", closed" : ", still open");
		}

	}

}
