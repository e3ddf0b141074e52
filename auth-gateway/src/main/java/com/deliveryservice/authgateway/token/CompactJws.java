package com.deliveryservice.authgateway.token;

import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

import com.nimbusds.jose.util.JSONObjectUtils;

/**
 * A JWS in compact form (RFC 7515 §7.1), taken apart and not yet believed: exactly three
 * parts in canonical base64url, exactly the header members that the gateway writes.
 *
 * @param type header {@code typ}
 * @param kid header {@code kid}
 * @param signingInput {@code header.payload}
 * @param payload second part, base64url
 * @param signature third part, base64url
 */
record CompactJws(String type, String kid, String signingInput, String payload, String signature) {

	static final int MAX_LENGTH = 4096;

	private static final int MAX_HEADER = 512;

	/** 64 bytes: R and S of P-256 (RFC 7518 §3.4). */
	private static final int SIGNATURE_LENGTH = 86;

	private static final Set<String> HEADER = Set.of("alg", "typ", "kid");

	private static final boolean[] BASE64URL = alphabet();

	/**
	 * Takes a token apart.
	 * @throws InvalidTokenException if it is none of ours by its form
	 */
	static CompactJws parse(String token) {
		if (token.length() > MAX_LENGTH) {
			throw new InvalidTokenException("too long");
		}
		int first = token.indexOf('.');
		int second = token.indexOf('.', first + 1);
		if (first <= 0 || second <= first + 1 || token.length() - second - 1 != SIGNATURE_LENGTH
				|| first > MAX_HEADER) {
			throw new InvalidTokenException("not a compact JWS");
		}
		checkAlphabet(token, first, second);
		String signature = token.substring(second + 1);
		checkCanonical(signature);
		Map<String, Object> header = object(token.substring(0, first));
		if (!header.keySet().equals(HEADER) || !"ES256".equals(header.get("alg"))) {
			throw new InvalidTokenException("not our header");
		}
		return new CompactJws(text(header, "typ"), text(header, "kid"), token.substring(0, second),
				token.substring(first + 1, second), signature);
	}

	/**
	 * The claims. Only to be asked once the signature is verified.
	 */
	Map<String, Object> claims() {
		return object(this.payload);
	}

	private static String text(Map<String, Object> object, String name) {
		if (object.get(name) instanceof String value) {
			return value;
		}
		throw new InvalidTokenException("not our header");
	}

	private static Map<String, Object> object(String part) {
		try {
			byte[] json = Base64.getUrlDecoder().decode(part);
			return JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8));
		}
		catch (ParseException | RuntimeException ex) {
			throw new InvalidTokenException("not JSON");
		}
	}

	private static void checkAlphabet(String token, int first, int second) {
		for (int i = 0; i < token.length(); i++) {
			char c = token.charAt(i);
			if ((c >= BASE64URL.length || !BASE64URL[c]) && i != first && i != second) {
				throw new InvalidTokenException("not base64url");
			}
		}
	}

	/** Unused bits are zero, so that a token has one spelling alone. */
	private static void checkCanonical(String signature) {
		byte[] bytes = Base64.getUrlDecoder().decode(signature);
		if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(signature)) {
			throw new InvalidTokenException("not canonical");
		}
	}

	private static boolean[] alphabet() {
		boolean[] allowed = new boolean[128];
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars().forEach((c) -> allowed[c] = true);
		return allowed;
	}

	@Override
	public String toString() {
		return "CompactJws[…]";
	}

}
