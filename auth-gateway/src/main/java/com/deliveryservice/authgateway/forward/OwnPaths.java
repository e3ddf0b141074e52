package com.deliveryservice.authgateway.forward;

import java.nio.charset.StandardCharsets;

import org.springframework.util.StringUtils;

/**
 * What the edge hands over to the API lane; nothing else reaches it, so nothing of the
 * internal listener can.
 */
final class OwnPaths {

	private static final String SIGN_IN = "/auth/sign-in";

	private OwnPaths() {
	}

	/**
	 * Whether a canonical raw path is the one of sign-in, also to a recipient that
	 * decodes it.
	 */
	static boolean isSignIn(String path) {
		boolean encoded = path.startsWith("/auth/") && path.indexOf('%') > 0;
		return SIGN_IN.equals(encoded ? StringUtils.uriDecode(path, StandardCharsets.UTF_8) : path);
	}

	/**
	 * Whether a canonical raw path is the API lane's.
	 */
	static boolean contains(String path) {
		return path.startsWith("/auth/") || path.startsWith("/.well-known/") || path.equals("/oauth2/token")
				|| path.equals("/oauth2/revoke") || path.equals("/openapi.yaml");
	}

}
