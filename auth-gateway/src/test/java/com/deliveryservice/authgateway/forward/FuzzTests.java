package com.deliveryservice.authgateway.forward;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.forward.RequestGrammar.Sent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever comes: it is refused and the connection closed, or it is exactly one request
 * at the backend, the one that was sent. {@code -Dfuzz.requests=} and
 * {@code -Dfuzz.seed=} try more and others.
 */
class FuzzTests {

	private static final int REQUESTS = Integer.getInteger("fuzz.requests", 1500);

	private static final long SEED = Long.getLong("fuzz.seed", 20261124L);

	private static final int AT_ONCE = 24;

	private static final Pattern PLACE = Pattern.compile("/public/c(\\d+)-[0-9a-f]{8}/");

	/** What arrived at the backend, by the number of what was sent. */
	private final Map<Integer, List<String>> arrived = new ConcurrentHashMap<>();

	private final AtomicInteger passed = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	@Test
	void everyRequestIsRefusedOrArrivesOnceAndAsItWasSent() throws Exception {
		ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
		try (CapturingOrigin origin = CapturingOrigin.start(this::record); EdgeUnderTest edge = edge(origin)) {
			RequestGrammar grammar = new RequestGrammar(SEED);
			List<Sent> all = IntStream.range(0, REQUESTS).mapToObj((n) -> grammar.next(place(n))).toList();
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
		System.out.println("seed " + SEED + ": " + this.passed + " requests passed, " + this.refused + " were refused");
		assertThat(this.passed.get()).isGreaterThan(REQUESTS / 10);
		assertThat(this.refused.get()).isGreaterThan(REQUESTS / 10);
	}

	private void check(int number, Sent sent, EdgeUnderTest edge) {
		String answer;
		try (RawClient client = edge.client()) {
			client.sendExactly(sent.first() + sent.second());
			answer = client.readToEnd();
		}
		catch (java.io.UncheckedIOException ex) {
			answer = ""; // it was refused, and the rest met a closed connection
		}
		String what = "seed " + SEED + " number " + number + "\nsent:\n" + sent.first() + "\nanswered:\n" + answer;
		List<String> requests = this.arrived.getOrDefault(number, List.of());
		assertThat(requests).as(what).allMatch((request) -> !line(request).contains("smuggled") || sent.mutated());
		List<String> firsts = requests.stream()
			.filter((request) -> !isSecond(request, number) && !line(request).contains("smuggled"))
			.toList();
		assertThat(firsts).as(what).hasSizeLessThan(2);
		assertThat(requests).as(what).filteredOn((request) -> isSecond(request, number)).hasSizeLessThan(2);
		if (firsts.isEmpty()) {
			this.refused.incrementAndGet();
			assertThat(answer).as(what).matches("(?s)(HTTP/1\\.1 [1245]\\d\\d .*)?");
		}
		else {
			this.passed.incrementAndGet();
			assertAsSent(firsts.get(0), sent, what);
		}
	}

	private static void assertAsSent(String request, Sent sent, String what) {
		String[] words = line(request).split(" ", -1);
		assertThat(sent.line()).as(what).startsWith(words[0] + " " + words[1] + " HTTP/1.");
		String head = request.substring(0, request.indexOf("\r\n\r\n") + 2).toLowerCase(java.util.Locale.ROOT);
		assertThat(head).as(what)
			.doesNotContain("\r\nx_auth_user_id", "\r\nx-auth-user-id", "\r\nx.auth.user.type", "\r\nx-original-url",
					"\r\nupgrade", "proxy-connection");
		String body = request.substring(request.indexOf("\r\n\r\n") + 4);
		if (head.contains("\r\ncontent-length: ")) {
			assertThat(sent.first() + sent.second()).as(what).contains("\r\n\r\n" + body);
		}
	}

	private boolean isSecond(String request, int number) {
		return line(request).equals("GET " + place(number) + "end HTTP/1.1");
	}

	/** One that no other turns into when a byte of it changes. */
	private static String place(int number) {
		return "/public/c%d-%08x/".formatted(number, number * 0x9E3779B9);
	}

	private static String line(String request) {
		return request.substring(0, request.indexOf("\r\n"));
	}

	/**
	 * One request after the other comes on a connection, each after the answer before.
	 */
	private void record(CapturingOrigin.Connection connection) throws java.io.IOException {
		int from = 0;
		while (connection.readRequest()) {
			String request = connection.received().substring(from);
			from += request.length();
			Matcher place = PLACE.matcher(request);
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
