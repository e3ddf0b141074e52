package com.deliveryservice.authgateway.forward;

import java.util.List;
import java.util.Random;

/**
 * Makes requests from a grammar of what clients, proxies and attackers send: mostly
 * proper, each with one or a few oddities. What it makes depends on the seed alone.
 */
final class RequestGrammar {

	private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "get",
			"G ET", "FOO", "TRACE", "CONNECT", "", "POST\t", "P\u0000ST");

	private static final List<String> TARGETS = List.of("x", "x?a=b&c=%2f", "%41", "x?q=/../manager", "%2e%2e/manager",
			"../manager/x", "./x", "/x", "x;a=b", "%", "%zz", "%00", "%2fx", "x#y", "\\x", "%5cx", "\u00e9", "%c0%ae",
			"x y", "x\u007f", "a".repeat(9000), "x%20y", "x+y", "x:y@z", "x[1]", "x\"y", "x|y", "x^y", "x{y}");

	/** In front of a target: origin-form, absolute-form, and what is neither. */
	private static final List<String> AUTHORITIES = List.of("", "", "", "http://a", "http://b", "https://a", "HTTP://a",
			"//a", "http:", "a", "http://u@a", "http://a:80");

	private static final List<String> SPACES = List.of(" ", " ", " ", "  ", "\t", " \u000b", "\r ", "");

	private static final List<String> VERSIONS = List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0",
			"HTTP/2.0", "HTTP/1.2", "http/1.1", "HTTP/1.1 ", "HTTP/11", "", "HTTP/1.1\t");

	private static final List<String> HOSTS = List.of("Host: a", "Host: a", "Host: a", "Host: a", "Host: a\r\nHost: b",
			"", "Host: a b", "Host: a/b", "Host: u@a", "Host:", "host: a:80", "Host: a:b", "Host : a", "Host: [::1]");

	private static final List<String> HEADERS = List.of("X-A: b", "x_auth_user_id: me", "X-Auth-User-Id: me",
			"Accept: */*", "X.Auth.User.Type: manager", "Connection: X-Auth-User-Id", "Connection: close, te",
			"Connection: keep-alive", "Via: 1.1 elsewhere", "Via: 1.1 auth-gateway", "X A: b", "no colon", ": b",
			"X-A: b\u0000", "X-A: b\rc", "X-A: b\r\n folded", "X-A:\tb", "X-\u00e9: b", "X-A: \u00e9", "Upgrade: h2c",
			"HTTP2-Settings: AAMAAABkAAQ", "Upgrade: websocket", "Sec-WebSocket-Key1: 1", "Sec-WebSocket-Key2: 2",
			"Expect: 100-continue", "Expect: 200-ok", "Trailer: X-A", "TE: trailers", "Proxy-Connection: close",
			"X-Original-URL: /manager/x", "X-Forwarded-Prefix: /manager", "Content-Type: a/b", "Content-Encoding: gzip",
			"X-A: b\r\nX-A: c", "X-A:b", "X-A: \tb \t", "X-A:", "X-A\r\n", "\tX-A: b", "X-A: b\n", "X-A: b\r",
			"X-A: b\r\n\tc", "Content-Length: 0", "content-length: 5", "Content_Length: 5",
			"Transfer_Encoding: chunked", "Transfer-Encoding:\tchunked", "Content-Length:5", "Content-Length\t: 5",
			"Connection: content-length", "Connection: transfer-encoding", "Connection: host",
			"X-A: " + "b".repeat(9000), "Authorization: Bearer x\r\nAuthorization: Bearer y",
			"Transfer-Encoding\u000b: chunked");

	private static final List<String> LENGTHS = List.of("%d", "%d", "%d", "%d", "+%d", "0%d", "%d, %1$d", "0x%x", "%d ",
			" %d", "-%d", "%d;", "", "%d\r\nContent-Length: 0", "%d\r\nTransfer-Encoding: chunked",
			"99999999999999999999");

	private static final List<String> CODINGS = List.of("chunked", "chunked", "chunked", "Chunked", "xchunked",
			"chunked, identity", "gzip, chunked", "chunked;q=1", "\"chunked\"", "\u000bchunked", " chunked ",
			"chunked\r\nTransfer-Encoding: chunked", "identity", "chunked\r\nContent-Length: 3");

	private static final List<String> CHUNKS = List.of("%x\r\n%s\r\n", "%x\r\n%s\r\n", "%x\r\n%s\r\n",
			"%X;a=b\r\n%s\r\n", "0x%x\r\n%s\r\n", "%x\n%s\r\n", "%x\r\n%s\n", "%x \r\n%s\r\n", "+%x\r\n%s\r\n",
			"%x\r\n%s", "00%x\r\n%s\r\n", "%x;a=\"\r\n\"\r\n%s\r\n", "%x;a\n\r\n%s\r\n", "%x;a=\"b;c\";d\r\n%s\r\n",
			"%x;\r\n%s\r\n", "%x\t;a=b\r\n%s\r\n", "%x\r\n%s\r\r\n", "%x\r\r\n%s\r\n", "1\r\nG\r\n%x\r\n%s\r\n");

	private static final List<String> ENDS = List.of("0\r\n\r\n", "0\r\n\r\n", "0\r\n\r\n",
			"0\r\nX-Auth-User-Id: me\r\n\r\n", "0\r\nContent-Length: 3\r\n\r\n", "0;a=b\r\nX-T: u\r\n\r\n",
			"0\r\nTransfer-Encoding: chunked\r\nHost: b\r\n\r\n", "0\r\n folded: x\r\n\r\n", "0\r\nX-T : u\r\n\r\n",
			"0\r\nX-T: u\n\r\n", "0\r\n\n", "0\n\n", "0\r\n", "", "00\r\n\r\n");

	private final Random random;

	RequestGrammar(long seed) {
		this.random = new Random(seed);
	}

	/**
	 * The next request, with a proper one behind it on the same connection.
	 * @param place a path of its own, beginning and ending with a slash
	 */
	Sent next(String place) {
		String body = "GET " + place + "smuggled HTTP/1.1\r\nHost: a\r\n\r\n" + "z".repeat(this.random.nextInt(40));
		String payload = framed(body);
		String head = oneOf(METHODS) + oneOf(SPACES) + oneOf(AUTHORITIES) + place + oneOf(TARGETS) + " "
				+ oneOf(VERSIONS) + "\r\n" + oneOf(HOSTS) + "\r\n" + headers()
				+ payload.substring(0, payload.indexOf('|')) + "\r\n";
		String text = head.replace("\r\n\r\n\r\n", "\r\n\r\n") + payload.substring(payload.indexOf('|') + 1);
		String first = mutated(text);
		String second = "GET " + place + "end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
		return new Sent(first, second, cuts(first.length() + second.length()));
	}

	private String headers() {
		StringBuilder headers = new StringBuilder();
		for (int i = this.random.nextInt(3); i > 0; i--) {
			headers.append(oneOf(HEADERS)).append("\r\n");
		}
		return headers.toString();
	}

	/** Framing headers and body, with a bar between. */
	private String framed(String body) {
		return switch (this.random.nextInt(4)) {
			case 0 -> "|";
			case 1 -> "Content-Length: " + String.format(oneOf(LENGTHS), body.length()) + "\r\n|" + body;
			case 2 -> "Transfer-Encoding: " + oneOf(CODINGS) + "\r\n|"
					+ String.format(oneOf(CHUNKS), body.length(), body) + oneOf(ENDS);
			default -> "Content-Length: " + body.length() + "\r\n|" + body;
		};
	}

	/** Where the bytes are cut into pieces that are sent one by one. */
	List<Integer> cuts(int length) {
		int pieces = (this.random.nextInt(3) == 0) ? this.random.nextInt(8) : 0;
		return this.random.ints(pieces, 0, length).sorted().boxed().toList();
	}

	/** Now and then a byte is changed, inserted or left out. */
	private String mutated(String text) {
		if (this.random.nextInt(4) != 0) {
			return text;
		}
		int at = this.random.nextInt(text.length());
		char other = (char) this.random.nextInt(256);
		return switch (this.random.nextInt(3)) {
			case 0 -> text.substring(0, at) + other + text.substring(at + 1);
			case 1 -> text.substring(0, at) + other + text.substring(at);
			default -> text.substring(0, at) + text.substring(at + 1);
		};
	}

	/** The first three of each list are proper; they come more often. */
	private String oneOf(List<String> choice) {
		return choice.get(this.random.nextInt((this.random.nextInt(6) != 0) ? 3 : choice.size()));
	}

	/**
	 * What goes over one connection; each character is a byte.
	 *
	 * @param first the odd one
	 * @param second the proper one behind it
	 * @param cuts where a new piece begins
	 */
	record Sent(String first, String second, List<Integer> cuts) {

		String all() {
			return this.first + this.second;
		}

	}

}
