package com.deliveryservice.authgateway.forward;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.forward.RequestGrammar.Sent;
import com.deliveryservice.authgateway.forward.SentMessages.Message;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever comes: it is refused and the connection closed, or it is exactly one request
 * at the backend, with the bytes that were sent. What was sent is judged by a reader of
 * its own. {@code -Dfuzz.requests=}, {@code -Dfuzz.seed=} and {@code -Dfuzz.seconds=} (at
 * most) try more and others.
 */
class FuzzTests {

	private static final int REQUESTS = Integer.getInteger("fuzz.requests", 3000);

	private static final long SEED = Long.getLong("fuzz.seed", 20261124L);

	private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("fuzz.seconds", 30));

	private static final int AT_ONCE = 24;

	private static final Pattern PLACE = Pattern.compile("/public/c(\\d+)-[0-9a-f]{8}/");

	/** What arrived at the backend, by the number of what was sent. */
	private final Map<Integer, List<String>> arrived = new ConcurrentHashMap<>();

	private final AtomicInteger passed = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	private final long begun = System.nanoTime();

	@Test
	void everyRequestIsRefusedOrArrivesOnceAndAsItWasSent() throws Exception {
		ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
		List<Sent> all = new ArrayList<>();
		try (CapturingOrigin origin = CapturingOrigin.start(this::record); EdgeUnderTest edge = edge(origin)) {
			RequestGrammar grammar = new RequestGrammar(SEED);
			IntStream.range(0, REQUESTS).forEach((n) -> all.add(grammar.next(place(n))));
			List<? extends Future<?>> done = IntStream.range(0, REQUESTS)
				.mapToObj((n) -> clients.submit(() -> check(n, all.get(n), edge)))
				.toList();
			for (Future<?> one : done) {
				one.get(60, TimeUnit.SECONDS);
			}
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.until(() -> edge.inFlight() == 0 && edge.connections() == 0);
		}
		finally {
			clients.shutdownNow();
		}
		assertStraysWereSent(all);
		int total = this.passed.get() + this.refused.get();
		System.out.println("seed " + SEED + ": " + this.passed + " requests passed, " + this.refused + " were refused");
		assertThat(this.passed.get()).isGreaterThan(total / 10);
		assertThat(this.refused.get()).isGreaterThan(total / 10);
	}

	private void check(int number, Sent sent, EdgeUnderTest edge) {
		if (System.nanoTime() - this.begun > LIMIT.toNanos()) {
			return;
		}
		String answer = answerTo(sent, edge);
		SentMessages meant = SentMessages.of(sent.all());
		List<String> requests = this.arrived.getOrDefault(number, List.of());
		String what = "seed " + SEED + " number " + number + "\nsent:\n" + sent.all() + "\nanswered:\n" + answer
				+ "\narrived:\n" + requests;
		assertInOrderAndAsSent(requests, meant.messages(), what);
		int strays = (int) meant.messages()
			.stream()
			.filter((message) -> !message.target().startsWith(place(number)))
			.count();
		assertAnswered(answer, requests.size() + strays, meant, what);
		(requests.isEmpty() ? this.refused : this.passed).incrementAndGet();
	}

	private static String answerTo(Sent sent, EdgeUnderTest edge) {
		try (RawClient client = edge.client()) {
			int from = 0;
			for (int cut : sent.cuts()) {
				client.sendExactly(sent.all().substring(from, cut));
				LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
				from = cut;
			}
			client.sendExactly(sent.all().substring(from));
			return client.readToEnd();
		}
		catch (java.io.UncheckedIOException ex) {
			return ""; // it was refused, and the rest met a closed connection
		}
	}

	/** Each that arrived was meant, once, in this order, with these bytes. */
	private static void assertInOrderAndAsSent(List<String> requests, List<Message> meant, String what) {
		int next = 0;
		for (String request : requests) {
			String essence = SentMessages.of(request).messages().get(0).essence();
			while (next < meant.size() && !meant.get(next).essence().equals(essence)) {
				next++;
			}
			assertThat(next).as(what + "\nnobody sent:\n" + request).isLessThan(meant.size());
			next++;
			String head = request.substring(0, request.indexOf("\r\n\r\n") + 2).toLowerCase(Locale.ROOT);
			assertThat(head).as(what)
				.doesNotContain("\r\nx_auth_user_id", "\r\nx-auth-user-id", "\r\nx.auth.user.type",
						"\r\nx-original-url", "\r\nupgrade", "proxy-connection");
		}
	}

	/**
	 * One answer for each that arrived; what is not one of them is refused by the last.
	 */
	private static void assertAnswered(String answer, int arrived, SentMessages meant, String what) {
		List<String> heads = Pattern.compile("(?s)HTTP/1\\.1 [2-5]\\d\\d .*?\r\n\r\n")
			.matcher(answer)
			.results()
			.map((head) -> head.group())
			.toList();
		assertThat(heads).as(what).hasSizeLessThanOrEqualTo(meant.messages().size() + 1);
		assertThat(heads.stream().filter((head) -> head.startsWith("HTTP/1.1 200 ")).count()).as(what)
			.isLessThanOrEqualTo(arrived);
		if (heads.isEmpty()) {
			return;
		}
		String last = heads.get(heads.size() - 1);
		if (heads.size() > meant.messages().size() && meant.isFaulty()) {
			assertThat(last).as(what).matches("(?s)HTTP/1\\.1 [45].*").contains("\r\nConnection: close\r\n");
		}
		assertThat(heads.subList(0, heads.size() - 1)).as(what)
			.noneMatch((head) -> head.contains("\r\nConnection: close\r\n"));
	}

	/**
	 * A place with a byte changed belongs to nobody, but somebody has to have sent it.
	 */
	private void assertStraysWereSent(List<Sent> all) {
		List<String> meant = all.stream()
			.flatMap((sent) -> SentMessages.of(sent.all()).messages().stream())
			.map(Message::essence)
			.toList();
		assertThat(this.arrived.getOrDefault(-1, List.of())).as("seed " + SEED)
			.allMatch((stray) -> meant.contains(SentMessages.of(stray).messages().get(0).essence()));
	}

	/** One that no other turns into when a byte of it changes. */
	private static String place(int number) {
		return "/public/c%d-%08x/".formatted(number, number * 0x9E3779B9);
	}

	/**
	 * One request after the other comes on a connection, each after the answer before.
	 */
	private void record(CapturingOrigin.Connection connection) throws java.io.IOException {
		int from = 0;
		while (connection.readRequest()) {
			String request = connection.received().substring(from);
			from += request.length();
			Matcher place = PLACE.matcher(request.substring(0, request.indexOf("\r\n")));
			int number = place.find() && place.group().equals(place(Integer.parseInt(place.group(1))))
					? Integer.parseInt(place.group(1)) : -1;
			this.arrived.computeIfAbsent(number, (n) -> new CopyOnWriteArrayList<>()).add(request);
			connection.write(request.startsWith("HEAD ") ? "HTTP/1.1 200 OK\nContent-Length: 5\n\n"
					: "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello");
		}
	}

	private static EdgeUnderTest edge(CapturingOrigin origin) {
		return EdgeUnderTest
			.with("edge.header-timeout", "300ms", "edge.body-timeout", "300ms", "edge.keep-alive", "300ms",
					"upstream.breaker-failures", "1000000")
			.route("public", "/public/**", origin.port(), "access.anonymous", "true")
			.start();
	}

}
