package com.deliveryservice.authgateway.forward;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.identity.UserTypesSettings;
import com.deliveryservice.authgateway.route.Route;
import com.deliveryservice.authgateway.route.RouteTable;
import com.deliveryservice.authgateway.route.RoutesSettings;
import com.deliveryservice.authgateway.upstream.UpstreamSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** No wait is without a bound: what Reactor Netty leaves infinite is set here. */
class WaitTests {

	private static final String GET = "GET /public/x HTTP/1.1\nHost: a\n\n";

	private final CapturingOrigin origin = CapturingOrigin.start(CapturingOrigin.hello());

	@AfterEach
	void stop() {
		this.origin.close();
	}

	@Test
	void eachWaitHasItsDefault() {
		EdgeSettings edge = bind("auth-gateway.edge", EdgeSettings.class, Map.of());
		UpstreamSettings upstream = bind("auth-gateway.upstream", UpstreamSettings.class, Map.of());
		assertThat(edge.headerTimeout()).hasSeconds(10);
		assertThat(edge.bodyTimeout()).hasSeconds(15);
		assertThat(edge.requestTimeout()).hasMinutes(5);
		assertThat(edge.keepAlive()).hasSeconds(75);
		assertThat(edge.writeTimeout()).hasSeconds(60);
		assertThat(edge.streamIdle()).hasMinutes(5);
		assertThat(edge.pingEvery()).hasSeconds(30);
		assertThat(edge.maxConnections()).isEqualTo(10_000);
		assertThat(edge.maxRequests()).isEqualTo(10_000);
		assertThat(upstream.maxWait()).hasMillis(500);
		assertThat(upstream.idle()).hasSeconds(20);
		assertThat(upstream.maxLife()).hasMinutes(5);
		assertThat(timeouts(Map.of()))
			.isEqualTo(new Route.Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofSeconds(30)));
	}

	@Test
	void theWaitsForABackendAreTheRoutes() {
		assertThat(timeouts(Map.of("connect", "2s", "first-byte", "3s", "idle", "4s")))
			.isEqualTo(new Route.Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(4)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "edge.header-timeout", "edge.body-timeout", "edge.request-timeout", "edge.keep-alive",
			"edge.write-timeout", "edge.stream-idle", "edge.stream-drain", "edge.ping-every", "edge.max-connections",
			"edge.max-requests", "upstream.max-wait", "upstream.idle", "upstream.max-life" })
	void noWaitCanBeSwitchedOff(String name) {
		String group = "auth-gateway." + name.substring(0, name.indexOf('.'));
		Class<?> settings = name.startsWith("edge") ? EdgeSettings.class : UpstreamSettings.class;
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> bind(group, settings, Map.of("auth-gateway." + name, "0")))
			.havingRootCause()
			.withMessageContaining("auth-gateway." + name + ": ");
	}

	@Test
	void aClientThatReadsNothingIsLeftAndItsBackendPausesMeanwhile() {
		AtomicLong written = new AtomicLong();
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nContent-Length: 1073741824\n\n");
			writeAll(connection, written);
		});
		try (EdgeUnderTest edge = edge("edge.write-timeout", "1s"); RawClient stalled = edge.client()) {
			stalled.send(GET);
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> this.origin.connection().wasReset());
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> edge.connections() == 0);
			// no more than the sockets' own buffers hold, of 1 GiB
			assertThat(written.get()).isPositive().isLessThan(64L << 20);
			assertThat(edge.inFlight()).isZero();
			assertThat(edge.metered("public", "truncated")).isEqualTo(1);
		}
	}

	private static void writeAll(CapturingOrigin.Connection connection, AtomicLong written) throws IOException {
		byte[] piece = new byte[65536];
		while (written.get() < 1L << 30) {
			connection.write(piece);
			written.addAndGet(piece.length);
		}
	}

	@Test
	void aDribbledBodyIsEndedWithItsWholeTimeAndTheBackendsConnectionToo() {
		this.origin.script(CapturingOrigin.Connection::readToEnd);
		try (EdgeUnderTest edge = edge("edge.request-timeout", "1s"); RawClient client = edge.client()) {
			client.send("POST /public/x HTTP/1.1\nHost: a\nContent-Length: 1000\n\n");
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.until(() -> !client.sendExactly("a").staysOpen(Duration.ofMillis(100)));
			assertThat(client.text()).startsWith("HTTP/1.1 408 ").contains("\r\nConnection: close\r\n");
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.origin.connection().hasEnded());
			assertThat(edge.upstreamConnections()).isZero();
		}
	}

	@Test
	void oneConnectionTooManyIsClosedAtOnceAndTheOthersAreServed() {
		try (EdgeUnderTest edge = edge("edge.max-connections", "2");
				RawClient first = edge.client();
				RawClient second = edge.client()) {
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> edge.connections() == 2);
			try (RawClient third = edge.client()) {
				assertThat(third.readToEnd()).isEmpty();
			}
			assertThat(first.send(GET).readAnswer()).endsWith("hello");
			assertThat(second.send(GET).readAnswer()).endsWith("hello");
		}
	}

	private EdgeUnderTest edge(String name, String value) {
		return EdgeUnderTest.with(name, value)
			.route("public", "/public/**", this.origin.port(), "access.anonymous", "true")
			.start();
	}

	private static Route.Timeouts timeouts(Map<String, String> configured) {
		Map<String, String> properties = new HashMap<>(Map.of("auth-gateway.routes[0].id", "a",
				"auth-gateway.routes[0].path", "/a/**", "auth-gateway.routes[0].upstream", "http://127.0.0.1:1",
				"auth-gateway.routes[0].access.anonymous", "true"));
		configured.forEach((name, value) -> properties.put("auth-gateway.routes[0].timeout." + name, value));
		RoutesSettings settings = bind("auth-gateway", RoutesSettings.class, properties);
		return new RouteTable(settings, new UserTypes(new UserTypesSettings(null))).routes()
			.get(0)
			.options()
			.timeouts();
	}

	private static <T> T bind(String group, Class<T> type, Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(group, Bindable.of(type));
	}

}
