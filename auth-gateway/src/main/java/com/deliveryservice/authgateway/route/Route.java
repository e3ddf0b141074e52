package com.deliveryservice.authgateway.route;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Path and methods, who may use them, and where they lead. Immutable.
 *
 * @param id its name
 * @param path which paths
 * @param methods which methods; empty for all
 * @param access who may use it
 * @param upstream where it leads
 * @param options how requests are forwarded
 */
public record Route(String id, RoutePath path, Set<String> methods, AccessRule access, Upstream upstream,
		Options options) {

	public Route {
		methods = Set.copyOf(methods);
	}

	boolean takes(String method) {
		return this.methods.isEmpty() || this.methods.contains(method);
	}

	/**
	 * The path that the backend gets.
	 * @param path the canonical raw path of the request
	 * @return the same without the first {@code stripPrefix} segments, byte for byte, at
	 * least {@code /}
	 */
	public String strip(String path) {
		int end = prefixEnd(path);
		return (end == 0) ? path : (end == path.length()) ? "/" : path.substring(end);
	}

	/**
	 * What {@link #strip} removes: empty or {@code /a/b}.
	 */
	public String strippedPrefix(String path) {
		return path.substring(0, prefixEnd(path));
	}

	private int prefixEnd(String path) {
		int end = 0;
		for (int i = 0; i < this.options.stripPrefix(); i++) {
			int next = path.indexOf('/', end + 1);
			if (next < 0) {
				return path.length();
			}
			end = next;
		}
		return end;
	}

	/**
	 * How requests of a route are forwarded.
	 *
	 * @param stripPrefix segments that are removed
	 * @param audience of the assertion
	 * @param forwardAuthorization whether the client's {@code Authorization} passes
	 * @param denyWhenStale whether it is 503 when revocations are stale
	 * @param timeouts how long the backend is waited for
	 * @param websocket whether upgrades pass
	 * @param allowedOrigins of WebSocket handshakes, lower case
	 * @param maxBody longest request body, in bytes
	 */
	public record Options(int stripPrefix, String audience, boolean forwardAuthorization, boolean denyWhenStale,
			Timeouts timeouts, boolean websocket, List<String> allowedOrigins, long maxBody) {

		public Options {
			allowedOrigins = List.copyOf(allowedOrigins);
		}

	}

	/**
	 * How long a backend is waited for.
	 *
	 * @param connect for a connection
	 * @param firstByte from the sent request to the answer's head
	 * @param idle between two bytes of the answer
	 */
	public record Timeouts(Duration connect, Duration firstByte, Duration idle) {

	}

}
