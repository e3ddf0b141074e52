package com.deliveryservice.authgateway.forward;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code auth-gateway.edge.*}: bounds of what a client may do to the edge listener.
 *
 * @param headerTimeout from the first byte of a request, or from connecting, to the end
 * of its head
 * @param bodyTimeout between two pieces of a request's body
 * @param requestTimeout for a whole request to arrive
 * @param keepAlive how long an idle connection is kept: longer than the ingress keeps its
 * own
 * @param writeTimeout how long a client may read nothing of its answer
 * @param streamIdle how long an event stream or a WebSocket may be silent
 * @param streamDrain within which open streams are ended at a shutdown, less than 25 s
 * @param pingEvery how often the client of a quiet WebSocket is pinged
 * @param websocketMaxFrame longest payload of a frame that a client sends, in bytes
 * @param maxRequests on one connection
 * @param maxConnections open at once; one more is closed at once
 * @param maxInFlight forwarded at once; one more is answered 503
 * @param hosts whose requests are served; empty for any
 */
@ConfigurationProperties("auth-gateway.edge")
public record EdgeSettings(@DefaultValue("10s") Duration headerTimeout, @DefaultValue("15s") Duration bodyTimeout,
		@DefaultValue("5m") Duration requestTimeout, @DefaultValue("75s") Duration keepAlive,
		@DefaultValue("60s") Duration writeTimeout, @DefaultValue("5m") Duration streamIdle,
		@DefaultValue("15s") Duration streamDrain, @DefaultValue("30s") Duration pingEvery,
		@DefaultValue("64KB") DataSize websocketMaxFrame, @DefaultValue("10000") int maxRequests,
		@DefaultValue("10000") int maxConnections, @DefaultValue("2000") int maxInFlight,
		@DefaultValue List<String> hosts) {

	public EdgeSettings {
		check(headerTimeout, "header-timeout");
		check(bodyTimeout, "body-timeout");
		check(requestTimeout, "request-timeout");
		check(keepAlive, "keep-alive");
		check(writeTimeout, "write-timeout");
		check(streamIdle, "stream-idle");
		check(pingEvery, "ping-every");
		if (streamDrain.toMillis() < 1 || streamDrain.compareTo(EdgeDrain.LIMIT) >= 0) {
			throw new IllegalArgumentException(
					"auth-gateway.edge.stream-drain: " + streamDrain + " (expected more than 0s, less than 25s)");
		}
		if (websocketMaxFrame.toBytes() < 1) {
			throw new IllegalArgumentException(
					"auth-gateway.edge.websocket-max-frame: " + websocketMaxFrame + " (expected 1B or more)");
		}
		check(maxRequests, "max-requests");
		check(maxConnections, "max-connections");
		check(maxInFlight, "max-in-flight");
		hosts = hosts.stream().map((host) -> host.toLowerCase(Locale.ROOT)).toList();
	}

	private static void check(Duration value, String name) {
		if (value.toMillis() < 100 || value.toDays() > 1) {
			throw new IllegalArgumentException("auth-gateway.edge." + name + ": " + value + " (expected 100ms to 1d)");
		}
	}

	private static void check(int value, String name) {
		if (value < 1) {
			throw new IllegalArgumentException("auth-gateway.edge." + name + ": " + value + " (expected 1 or more)");
		}
	}

}
