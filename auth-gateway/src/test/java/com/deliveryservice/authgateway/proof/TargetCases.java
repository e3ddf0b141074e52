package com.deliveryservice.authgateway.proof;

import java.util.List;

import com.deliveryservice.authgateway.proof.Case.NotAsExpected;
import com.deliveryservice.authgateway.proof.Trial.Seen;

/** Section B: request target and path. */
final class TargetCases {

	private static final String REFUSED = "400, nothing forwarded";

	private TargetCases() {
	}

	static List<Case> all() {
		return List.of(
				targets("23", "dot segments and double slashes", "/public/../manager/x", "/public/./..", "//manager/x",
						"/public//../manager/x"),
				targets("24", "the same, percent-encoded", "/public/%2e%2e/manager/x", "/public/..%2fmanager/x",
						"/%2e/manager/x", "/manager%2fx"),
				targets("25", "path parameters", "/public/..;/manager/x", "/manager;a=b/x", "/;/manager/x"),
				targets("26", "double or broken encoding", "/%252e%252e/manager/x", "/%25", "/%u002e", "/public/a%",
						"/public/a%zz"),
				targets("27", "backslash, NUL and line feed", "/public/a\\b", "/public/a%5cb", "/public/%00",
						"/public/%0a"),
				Case.each("29", "a path that only a case-insensitive backend takes for a route's", "404, not forwarded",
						TargetCases::unrouted, "/MANAGER/x", "/Manager/x", "/Api/customer/x"),
				targets("30", "a fragment", "/public#/../manager/x", "/public/x#y"),
				targets("F7", "no slash, an asterisk, raw and overlong UTF-8", "public/x", "*", "/public/\u00e9",
						"/public/%c0%ae"),
				Case.of("32", "an absolute target against `Host`", "400 or 421, not forwarded",
						(trial) -> trial.notForwarded("GET http://evil/public/x HTTP/1.1\nHost: good\n\n", 400, 421)),
				Case.each("33", "no, two or an odd `Host`", "400, closed, nothing forwarded",
						(trial, host) -> trial.refused("GET /public/x HTTP/1.1\n" + host + "\n", 400), "",
						"Host: a\nHost: b\n", "Host: a b\n", "Host: a/x\n", "Host: u@a\n"),
				Case.each("35", "methods that nobody serves", "405 or 501 (or 400), not forwarded, nothing echoed",
						TargetCases::method, "CONNECT a:443", "TRACE /public/x", "FOO /public/x", "get /public/x"),
				Case.of("37", "another route's path in the query", "decided by the path alone", TargetCases::query),
				Case.each("38", "what is authorised against what is sent, after stripping two segments",
						"the same bytes behind the prefix", TargetCases::stripped, "/orders/1", "/a%20b", "/%C3%A9",
						"/a:b@c!$&'()*+=", "/x?x=%2F..%2f&y=1&x=2", "/a/"),
				Case.each("39", "headers that name another target or method", "ignored and dropped",
						TargetCases::otherTarget, "X-Original-URL: /manager/forged", "X-Rewrite-URL: /manager/forged",
						"X-Forwarded-Uri: /manager/forged", "X-HTTP-Method-Override: FORGED"),
				Case.of("40", "duplicate query parameters", "forwarded unchanged", TargetCases::duplicates));
	}

	private static Case targets(String number, String title, String... targets) {
		return Case.each(number, title, REFUSED, TargetCases::refused, targets);
	}

	private static String refused(Trial trial, String target) throws NotAsExpected {
		return trial.notForwarded("GET " + target + " HTTP/1.1\nHost: a\n" + trial.bearer() + "\n", 400);
	}

	private static String unrouted(Trial trial, String target) throws NotAsExpected {
		Seen seen = trial.exchange("GET " + target + " HTTP/1.1\nHost: a\nConnection: close\n" + trial.bearer() + "\n");
		Trial.expect(trial.received().isEmpty(), seen + ", forwarded");
		Trial.expect(seen.hasStatus(404, 403), seen.toString());
		return seen.toString();
	}

	private static String method(Trial trial, String line) throws NotAsExpected {
		Seen seen = trial.exchange(line + " HTTP/1.1\nHost: a\nX-Secret: echoed\nConnection: close\n\n");
		Trial.expect(trial.received().isEmpty(), seen + ", forwarded");
		Trial.expect(seen.hasStatus(400, 405, 501) && !seen.text().contains("echoed"), seen.toString());
		return seen.toString();
	}

	private static String query(Trial trial) throws NotAsExpected {
		Seen open = trial.exchange("GET /public/x?y=/manager/x HTTP/1.1\nHost: a\nConnection: close\n\n");
		Seen closed = trial.exchange("GET /manager/x?y=/public/x HTTP/1.1\nHost: a\nConnection: close\n\n");
		Trial.expect(open.hasStatus(200) && closed.hasStatus(401), open + " and " + closed);
		return "200 and 401";
	}

	private static String stripped(Trial trial, String rest) throws NotAsExpected {
		Seen seen = trial
			.exchange("GET /api/customer" + rest + " HTTP/1.1\nHost: a\nConnection: close\n" + trial.bearer() + "\n");
		String line = trial.received().lines().findFirst().orElse("nothing");
		Trial.expect(line.equals("GET " + rest + " HTTP/1.1"), seen + ", the backend got " + line);
		return "the same";
	}

	private static String otherTarget(Trial trial, String header) throws NotAsExpected {
		Seen seen = trial.exchange("GET /public/x HTTP/1.1\nHost: a\nConnection: close\n" + header + "\n\n");
		Trial.expect(seen.hasStatus(200) && trial.received().startsWith("GET /public/x "), seen.toString());
		Trial.expect(!trial.received().toLowerCase(java.util.Locale.ROOT).contains("forged"), "forwarded");
		return "ignored and dropped";
	}

	private static String duplicates(Trial trial) throws NotAsExpected {
		String target = "/public/x?role=customer&role=manager&role";
		trial.exchange("GET " + target + " HTTP/1.1\nHost: a\nConnection: close\n\n");
		Trial.expect(trial.received().startsWith("GET " + target + " HTTP/1.1\r\n"),
				trial.received().lines().findFirst().orElse("nothing"));
		return "unchanged";
	}

}
