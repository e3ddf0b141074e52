package com.deliveryservice.authgateway.soak;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.devstack.DevStack;
import com.deliveryservice.authgateway.testing.LeakWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * 200,000 mixed exchanges over one whole gateway with its database, in one JVM with
 * little direct memory, Netty's leak detector at its most suspicious, and BlockHound.
 * Afterwards everything is as it was before. {@code -Dsoak.exchanges=},
 * {@code -Dsoak.seed=}, {@code -Dsoak.minutes=} (that it may take at most) and
 * {@code -Dsoak.visitors=} change it.
 */
class EdgeSoak {

	private static final int EXCHANGES = Integer.getInteger("soak.exchanges", 200_000);

	private static final long SEED = Long.getLong("soak.seed", System.nanoTime());

	private static final Duration LIMIT = Duration.ofMinutes(Integer.getInteger("soak.minutes", 8));

	private static final int VISITORS = Integer.getInteger("soak.visitors", 32);

	private static final int UNANSWERED_ONE_IN = 50_000;

	/**
	 * Of exchanges that a lock cost their connection, because BlockHound lets nothing
	 * wait.
	 */
	private static final int PARKED_ONE_IN = 50_000;

	private static final int WARM_UP = 5_000;

	private static final Duration SETTLE = Duration.ofSeconds(60);

	private final Map<Kind, AtomicInteger> done = new EnumMap<>(Kind.class);

	private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

	private final AtomicLong exchanges = new AtomicLong();

	private final AtomicInteger unanswered = new AtomicInteger();

	private final AtomicInteger parked = new AtomicInteger();

	private @Nullable FailureLog log;

	EdgeSoak() {
		for (Kind kind : Kind.values()) {
			this.done.put(kind, new AtomicInteger());
		}
	}

	@Test
	void nothingIsLeftOverOfMixedExchanges() throws Exception {
		System.out.printf("soak: seed %d, %,d exchanges by %d visitors%n", SEED, EXCHANGES, VISITORS);
		long begun = System.nanoTime();
		try (Backend well = new Backend(); Backend ill = new Backend(); DevStack stack = stack(well, ill)) {
			int port = URI.create(stack.edgeUrl()).getPort();
			String token = signIn(stack.edgeUrl());
			this.log = FailureLog.begin();
			MeterRegistry meters = stack.gateway().getBean(MeterRegistry.class);
			visit(port, token, WARM_UP, begun);
			Gauges base = settled(meters, port);
			System.out.println("soak: before: " + base);
			visit(port, token, EXCHANGES, begun);
			Gauges end = settled(meters, port);
			System.out.println("soak: after:  " + end);
			report(begun);
			assertThat(this.failures).isEmpty();
			assertThat(this.unanswered.get()).as("connections that ended without an answer")
				.isLessThanOrEqualTo(1 + EXCHANGES / UNANSWERED_ONE_IN);
			assertThat(this.parked.get()).as("exchanges that a contended lock cost their connection")
				.isLessThanOrEqualTo(1 + EXCHANGES / PARKED_ONE_IN);
			assertThat(this.exchanges.get()).as("done in " + LIMIT).isGreaterThanOrEqualTo(EXCHANGES);
			assertThat(end.grownSince(base)).isEmpty();
		}
		LeakWatch.checkAfterCollection();
	}

	private static DevStack stack(Backend well, Backend ill) {
		List<String> args = new ArrayList<>(List.of("--auth-gateway.token.lifetime=30m",
				"--auth-gateway.edge.header-timeout=1s", "--auth-gateway.edge.body-timeout=1s",
				"--auth-gateway.edge.keep-alive=10s", "--auth-gateway.edge.write-timeout=1s",
				"--auth-gateway.upstream.idle=2s", "--logging.level.root=error"));
		route(args, 0, Visitor.CUSTOMER, well, "access.user-types=customer", "strip-prefix=2", "websocket=true");
		route(args, 1, Visitor.OPEN, well, "access.anonymous=true", "methods=GET,HEAD,POST");
		route(args, 2, Visitor.MANAGER, well, "access.user-types=manager");
		route(args, 3, Visitor.ILL, ill, "access.anonymous=true");
		return DevStack.startOnFreePorts(args.toArray(String[]::new));
	}

	private static void route(List<String> args, int index, String path, Backend backend, String... properties) {
		String prefix = "--auth-gateway.routes[" + index + "].";
		args.add(prefix + "id=route-" + index);
		args.add(prefix + "path=" + path + "**");
		args.add(prefix + "upstream=http://127.0.0.1:" + backend.port());
		args.add(prefix + "max-body=" + Visitor.MAX_BODY + "B");
		args.add(prefix + "timeout.first-byte=1s");
		args.add(prefix + "timeout.idle=1s");
		for (String property : properties) {
			args.add(prefix + property);
		}
	}

	/** A JVM that has just begun may be too slow for the time that a sign-in has. */
	private static String signIn(String edge) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(edge + "/auth/sign-in"))
			.header("Content-Type", "application/json")
			.timeout(Duration.ofSeconds(20))
			.POST(HttpRequest.BodyPublishers.ofString("{\"login\":\"customer\",\"password\":\"delivery-demo-1\"}"))
			.build();
		String body = Awaitility.await()
			.atMost(SETTLE)
			.pollInterval(Duration.ofSeconds(1))
			.until(() -> HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body(),
					(answer) -> answer.contains("\"access_token\":\""));
		return body.replaceAll("(?s).*\"access_token\":\"([^\"]+)\".*", "$1");
	}

	private void visit(int port, String token, int until, long begun) throws InterruptedException {
		List<Thread> visitors = new ArrayList<>();
		for (int i = 0; i < VISITORS; i++) {
			Visitor visitor = new Visitor(port, token, SEED * 31 + i + until);
			Thread thread = new Thread(() -> run(visitor, until, begun), "soak-visitor-" + i);
			thread.start();
			visitors.add(thread);
		}
		for (Thread visitor : visitors) {
			visitor.join();
		}
	}

	private void run(Visitor visitor, int until, long begun) {
		while (this.exchanges.get() < until && System.nanoTime() - begun < LIMIT.toNanos()
				&& this.failures.size() < 20) {
			Kind kind = Kind.any(visitor.random());
			try {
				int count = kind.visit(visitor);
				this.exchanges.addAndGet(count);
				Objects.requireNonNull(this.done.get(kind)).addAndGet(count);
			}
			catch (Unanswered ex) {
				this.unanswered.incrementAndGet();
				visitor.leave();
			}
			catch (Exception | AssertionError ex) {
				failed(kind, ex);
				visitor.leave();
			}
		}
		visitor.leave();
	}

	/**
	 * A lock on an event loop that is contended for a moment is an error to BlockHound,
	 * and ends the exchange, where without it a thread would wait for microseconds. What
	 * blocks by design would do so more often than the bound allows.
	 */
	private void failed(Kind kind, Throwable cause) {
		String told = logged(String.valueOf(cause));
		if (told.contains("BlockingOperationError: Blocking call! jdk.internal.misc.Unsafe#park")) {
			this.parked.incrementAndGet();
			System.out.println("soak: parked, " + kind + told);
		}
		else {
			this.failures.add("seed " + SEED + ", " + kind + ": " + cause + told);
		}
	}

	private String logged(String failure) {
		FailureLog kept = this.log;
		Matcher id = Pattern.compile("X-Request-Id: (\\S+)").matcher(failure);
		return (kept != null && id.find()) ? "\n" + kept.of(id.group(1)) : "";
	}

	/** Everybody has left, and the ill backend has become well. */
	private static Gauges settled(MeterRegistry meters, int port) {
		Awaitility.await().atMost(SETTLE).ignoreExceptions().until(() -> {
			try (Wire wire = new Wire(port, 0)) {
				wire.send(Visitor.anonymous("GET", Visitor.ILL + "bytes/1", "Connection: close\n"));
				return wire.reply(false).status() == 200;
			}
		});
		Awaitility.await()
			.atMost(SETTLE)
			.untilAsserted(() -> assertThat(Gauges.counts(meters))
				.allSatisfy((name, value) -> assertThat(value).as(name).isZero()));
		return Gauges.now(meters);
	}

	private void report(long begun) {
		StringBuilder counts = new StringBuilder();
		this.done.forEach((kind, count) -> counts.append(", ")
			.append(kind.name().toLowerCase(java.util.Locale.ROOT))
			.append(' ')
			.append(count));
		System.out.printf("soak: seed %d, %,d exchanges in %d s: %d failures, %d unanswered, %d parked, %d leaks%s%n",
				SEED, this.exchanges.get(), Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
				this.failures.size(), this.unanswered.get(), this.parked.get(), LeakWatch.total(), counts);
	}

}
