package com.deliveryservice.authgateway.ops;

import java.util.List;

/**
 * What the internal listener serves; anything else that comes to it is nobody's.
 */
final class InternalPaths {

	private static final List<String> SUBTREES = List.of("/Auth/", "/verify/", "/actuator/");

	private static final List<String> EXACT = List.of("/oauth2/introspect", "/actuator");

	private InternalPaths() {
	}

	/**
	 * Whether the internal listener serves a canonical path; in this very case of
	 * letters.
	 */
	static boolean isServed(String path) {
		return EXACT.contains(path) || SUBTREES.stream().anyMatch(path::startsWith);
	}

}
