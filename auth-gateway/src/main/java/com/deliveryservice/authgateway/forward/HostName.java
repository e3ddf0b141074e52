package com.deliveryservice.authgateway.forward;

/**
 * What a {@code Host} header may say (RFC 9112 §3.2): a name or an address, and perhaps a
 * port; no user, no path, no blank.
 */
final class HostName {

	private HostName() {
	}

	static boolean isValid(String host) {
		int length = host.length();
		if (length == 0 || length > 260) {
			return false;
		}
		int end = (host.charAt(0) == '[') ? addressEnd(host) : nameEnd(host);
		if (end <= 0) {
			return false;
		}
		return end == length || (host.charAt(end) == ':' && isPort(host, end + 1));
	}

	private static int nameEnd(String host) {
		int i = 0;
		while (i < host.length()) {
			char c = host.charAt(i);
			boolean allowed = isLetterOrDigit(c) || c == '-' || c == '.' || c == '_';
			if (!allowed) {
				break;
			}
			i++;
		}
		return i;
	}

	private static boolean isLetterOrDigit(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	}

	private static int addressEnd(String host) {
		for (int i = 1; i < host.length(); i++) {
			char c = host.charAt(i);
			if (c == ']') {
				return (i > 2) ? i + 1 : -1;
			}
			if (c != ':' && c != '.' && Character.digit(c, 16) < 0) {
				return -1;
			}
		}
		return -1;
	}

	private static boolean isPort(String host, int from) {
		if (host.length() - from > 5 || host.length() == from) {
			return false;
		}
		for (int i = from; i < host.length(); i++) {
			if (host.charAt(i) < '0' || host.charAt(i) > '9') {
				return false;
			}
		}
		return true;
	}

}
