package com.deliveryservice.authgateway.route;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Judges request targets (RFC 9112 §3.2): only origin-form, and only where every
 * recipient, however it decodes, sees the same path. What is odd is refused, never
 * repaired.
 */
public final class RequestTarget {

	private static final int OUTSIDE = 0;

	private static final int PLAIN = 1;

	/** What a path may hold unencoded: pchar of RFC 3986 without {@code ;}. */
	private static final byte[] PATH = table("!$&'()*+,-._~:@=/");

	/** Visible ASCII; {@code #} never travels in a target. */
	private static final byte[] QUERY = table("!$&'()*+,-._~:@=/;?\"<>[]\\^`{|}%");

	private RequestTarget() {
	}

	/**
	 * Whether the target is acceptable.
	 * @param target raw, as sent
	 */
	public static boolean isCanonical(String target) {
		int length = target.length();
		if (length == 0 || target.charAt(0) != '/') {
			return false;
		}
		int segment = 1;
		boolean encoded = false;
		int i = 1;
		for (; i < length; i++) {
			char c = target.charAt(i);
			if (c == '?') {
				break;
			}
			if (c == '/') {
				if (isDotsOrEmpty(target, segment, i)) {
					return false;
				}
				segment = i + 1;
			}
			else if (c == '%') {
				if (!isHarmless(target, i)) {
					return false;
				}
				encoded |= target.charAt(i + 1) >= '8';
				i += 2;
			}
			else if (c > 0x7F || PATH[c] == OUTSIDE) {
				return false;
			}
		}
		boolean lastSegment = segment == i || !isDotsOrEmpty(target, segment, i);
		return lastSegment && (!encoded || isUtf8(target, i)) && isQuery(target, i);
	}

	/**
	 * The path of an acceptable target.
	 */
	public static String path(String target) {
		int query = target.indexOf('?');
		return (query < 0) ? target : target.substring(0, query);
	}

	private static boolean isDotsOrEmpty(String target, int from, int to) {
		return switch (to - from) {
			case 0 -> true;
			case 1 -> target.charAt(from) == '.';
			case 2 -> target.charAt(from) == '.' && target.charAt(from + 1) == '.';
			default -> false;
		};
	}

	/** Not a control, and none of {@code . / \ % ;}. */
	private static boolean isHarmless(String target, int percent) {
		if (percent + 2 >= target.length()) {
			return false;
		}
		int high = Character.digit(target.charAt(percent + 1), 16);
		int low = Character.digit(target.charAt(percent + 2), 16);
		if (high < 0 || low < 0 || target.charAt(percent + 1) > 0x7F || target.charAt(percent + 2) > 0x7F) {
			return false;
		}
		int decoded = (high << 4) | low;
		return decoded >= 0x20 && decoded != 0x7F && "./\\%;".indexOf(decoded) < 0;
	}

	/** Overlong forms, such as {@code %c0%ae} for a dot, are no UTF-8. */
	private static boolean isUtf8(String target, int end) {
		ByteBuffer bytes = ByteBuffer.allocate(end);
		for (int i = 0; i < end; i++) {
			if (target.charAt(i) == '%') {
				bytes.put((byte) Integer.parseInt(target, i + 1, i + 3, 16));
				i += 2;
			}
			else {
				bytes.put((byte) target.charAt(i));
			}
		}
		try {
			StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

	private static boolean isQuery(String target, int from) {
		for (int i = from; i < target.length(); i++) {
			char c = target.charAt(i);
			if (c > 0x7F || QUERY[c] == OUTSIDE) {
				return false;
			}
		}
		return true;
	}

	private static byte[] table(String marks) {
		byte[] table = new byte[128];
		for (int c = 0; c < table.length; c++) {
			boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
			table[c] = (byte) ((letterOrDigit || marks.indexOf(c) >= 0) ? PLAIN : OUTSIDE);
		}
		return table;
	}

}
