package com.deliveryservice.authgateway.proof;

import java.util.List;
import java.util.Locale;

import com.deliveryservice.authgateway.forward.CapturingOrigin;
import com.deliveryservice.authgateway.proof.Case.NotAsExpected;
import com.deliveryservice.authgateway.proof.Trial.Seen;

/** Section C: identity headers, forwarded headers, duties of a proxy. */
final class IdentityCases {

	private static final String CUSTOMER = "/api/customer/x";

	private IdentityCases() {
	}

	static List<Case> all() {
		return List.of(Case.each("41", "the client sends an identity header itself",
				"exactly one at the backend, the gateway's", IdentityCases::spoofed, "X-Auth-User-Id: forged\n",
				"X-Auth-User-Id: forged\nX-Auth-User-Id: forged\n", "X-Auth-User-Id:\n", "x-AUTH-user-ID: forged\n"),
				Case.of("41", "the same on an open route", "none at the backend", IdentityCases::spoofedOnOpenRoute),
				Case.each("42", "other spellings of it", "dropped, or 400", IdentityCases::alias,
						"x_auth_user_id: forged\n", "X.Auth.User.Id: forged\n", "X_Auth-User_Id: forged\n"),
				Case.of("43", "`Connection` names the identity headers", "they still arrive", IdentityCases::nominated),
				Case.each("45", "hop-by-hop headers of the request", "none forwarded", IdentityCases::hopByHop,
						"Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "TE: gzip", "Trailer: X-T",
						"Upgrade: foo", "Proxy-Authorization: Basic eDp5", "Proxy-Authenticate: Basic",
						"X-Tmp: nominated"),
				Case.each("46", "hop-by-hop headers of the answer", "none relayed", IdentityCases::hopByHopOfAnswer,
						"Keep-Alive: timeout=77", "Proxy-Authenticate: Basic", "Trailer: X-T", "Upgrade: foo"),
				Case.of("47", "`Via`", "one entry appended to the client's", IdentityCases::via),
				Case.of("48", "a request that came through this gateway before", "508 or 502, not forwarded",
						IdentityCases::loop),
				Case.each("50", "forwarding headers of somebody who is no trusted proxy", "rebuilt or dropped",
						IdentityCases::forwarded, "X-Forwarded-For: 6.6.6.6", "Forwarded: for=6.6.6.6",
						"X-Real-IP: 6.6.6.6", "X-Forwarded-Host: 6.6.6.6", "X-Forwarded-Proto: 6.6.6.6",
						"X-Forwarded-Port: 6.6.6.6", "X-Forwarded-Prefix: /6.6.6.6"),
				Case.each("52", "two `Authorization` headers", "400, not forwarded", IdentityCases::credentials,
						"Authorization: Bearer x.y.z", "Authorization: Basic eDp5"),
				Case.of("54", "the client's own token", "not sent to the backend", IdentityCases::ownToken),
				Case.each("58", "the backend speaks as the gateway, or tells of its insides", "dropped or rewritten",
						IdentityCases::backendSpeaks, "X-Auth-User-Id: inside", "Server: inside/1.0",
						"X-Powered-By: inside", "Location: http://127.0.0.1:@PORT@/inside"));
	}

	private static Seen get(Trial trial, String path, String headers) {
		return trial.exchange("GET " + path + " HTTP/1.1\nHost: shop.example\n" + headers + "\n");
	}

	private static String spoofed(Trial trial, String headers) throws NotAsExpected {
		Seen seen = get(trial, CUSTOMER, trial.bearer() + headers + "Connection: close\n");
		String values = trial.header("X-Auth-User-Id");
		Trial.expect(seen.hasStatus(200) && trial.count("^x-auth-user-id:") == 1 && values.length() > 30,
				seen + ", the backend got: " + values);
		return "one, the gateway's";
	}

	private static String spoofedOnOpenRoute(Trial trial) throws NotAsExpected {
		Seen seen = get(trial, "/public/x", "X-Auth-User-Id: forged\nConnection: close\n");
		Trial.expect(seen.hasStatus(200) && trial.count("^x-auth-") == 0,
				"the backend got: " + trial.header("X-Auth-User-Id"));
		return "none";
	}

	private static String alias(Trial trial, String headers) throws NotAsExpected {
		Seen seen = get(trial, CUSTOMER, trial.bearer() + headers + "Connection: close\n");
		Trial.expect(!trial.received().contains("forged"), seen + ", forwarded");
		return seen.hasStatus(400) ? seen.toString() : "dropped";
	}

	private static String nominated(Trial trial) throws NotAsExpected {
		Seen seen = get(trial, CUSTOMER, trial.bearer() + "Connection: X-Auth-User-Id, X-Auth-User-Type, close\n");
		Trial.expect(seen.hasStatus(200) && trial.count("^x-auth-user-id:") == 1, seen + ", deleted");
		return "they arrive";
	}

	private static String hopByHop(Trial trial, String header) throws NotAsExpected {
		Seen seen = get(trial, "/public/x", "Connection: close, X-Tmp\n" + header + "\n");
		String name = header.substring(0, header.indexOf(':'));
		Trial.expect(seen.hasStatus(200), seen.toString());
		Trial.expect(trial.header(name).isEmpty(), "forwarded");
		return "none";
	}

	private static String hopByHopOfAnswer(Trial trial, String header) throws NotAsExpected {
		trial.origin(CapturingOrigin
			.answering("HTTP/1.1 200 OK\nConnection: keep-alive\n" + header + "\nContent-Length: 2\n\nok"));
		Seen seen = get(trial, "/public/x", "Connection: close\n");
		Trial.expect(seen.hasStatus(200) && !seen.text().contains(header), "relayed");
		return "none";
	}

	private static String via(Trial trial) throws NotAsExpected {
		Seen seen = get(trial, "/public/x", "Via: 1.0 fred\nConnection: close\n");
		String via = trial.header("Via");
		Trial.expect(seen.hasStatus(200) && via.matches("1\\.0 fred(, | \\| )1\\.1 \\S+"),
				"the backend got: " + (via.isEmpty() ? "none" : via));
		return "appended";
	}

	/** Whatever name it gives itself: its own {@code Via} comes back to it. */
	private static String loop(Trial trial) throws NotAsExpected {
		get(trial, "/public/x", "Connection: close\n");
		String own = trial.header("Via");
		trial.fresh();
		Seen seen = get(trial, "/public/x", "Via: " + (own.isEmpty() ? "1.1 gateway" : own) + "\nConnection: close\n");
		Trial.expect(seen.hasStatus(508, 502) && trial.received().isEmpty(),
				own.isEmpty() ? "it names itself in no Via" : seen.toString());
		return seen.toString();
	}

	private static String forwarded(Trial trial, String header) throws NotAsExpected {
		Seen seen = get(trial, "/public/x", header + "\nConnection: close\n");
		Trial.expect(seen.hasStatus(200), seen.toString());
		Trial.expect(!trial.received().contains("6.6.6.6"), "forwarded");
		return "rebuilt or dropped";
	}

	private static String credentials(Trial trial, String second) throws NotAsExpected {
		return trial.notForwarded("GET " + CUSTOMER + " HTTP/1.1\nHost: a\n" + trial.bearer() + second + "\n\n", 400);
	}

	private static String ownToken(Trial trial) throws NotAsExpected {
		Seen seen = get(trial, CUSTOMER, trial.bearer() + "Connection: close\n");
		Trial.expect(seen.hasStatus(200) && trial.header("Authorization").isEmpty(), seen + ", forwarded");
		return "not sent";
	}

	private static String backendSpeaks(Trial trial, String header) throws NotAsExpected {
		String status = header.startsWith("Location") ? "302 Found" : "200 OK";
		String line = header.replace("@PORT@", String.valueOf(trial.origin().port()));
		trial.origin(CapturingOrigin.answering("HTTP/1.1 " + status + "\n" + line + "\nContent-Length: 2\n\nok"));
		Seen seen = get(trial, "/public/x", "Connection: close\n");
		Trial.expect(seen.hasStatus(200, 302), seen.toString());
		Trial.expect(!seen.text().toLowerCase(Locale.ROOT).contains(line.toLowerCase(Locale.ROOT)), "relayed");
		return "dropped or rewritten";
	}

}
