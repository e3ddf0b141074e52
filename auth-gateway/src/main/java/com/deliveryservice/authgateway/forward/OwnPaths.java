package com.deliveryservice.authgateway.forward;

/**
 * What the edge hands over to the API lane; nothing else reaches it, so nothing of the
 * internal listener can.
 */
final class OwnPaths {

	static final String SIGN_IN = "/auth/sign-in";

	private OwnPaths() {
	}

	/**
	 * Whether a canonical raw path is the API lane's.
	 */
	static boolean contains(String path) {
		return path.startsWith("/auth/") || path.startsWith("/.well-known/") || path.equals("/oauth2/token")
				|| path.equals("/oauth2/revoke") || path.equals("/openapi.yaml");
	}

}
