package com.deliveryservice.authgateway.password;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of {@code $id$v=version$name=value,…$salt$tag} (the PHC string format). The
 * version may be missing.
 *
 * @param id of the function
 * @param version or {@code 0}
 * @param parameters name and value, in their order
 * @param salt decoded
 * @param tag decoded
 */
@SuppressWarnings("ArrayRecordComponent")
record PhcString(String id, int version, Map<String, String> parameters, byte[] salt, byte[] tag) {

	private static final Pattern FORM = Pattern
		.compile("\\$([a-z0-9-]{1,32})(?:\\$v=(\\d{1,3}))?\\$([a-z0-9=,]{1,100})\\$([A-Za-z0-9+/]{1,200})"
				+ "\\$([A-Za-z0-9+/]{1,200})");

	static PhcString parse(String text) {
		Matcher matcher = FORM.matcher(text);
		if (!matcher.matches()) {
			throw new HashFormatException("(expected $id$name=value,…$salt$hash)");
		}
		Map<String, String> parameters = new LinkedHashMap<>();
		for (String parameter : matcher.group(3).split(",", -1)) {
			int is = parameter.indexOf('=');
			if (is < 1 || parameters.putIfAbsent(parameter.substring(0, is), parameter.substring(is + 1)) != null) {
				throw new HashFormatException("parameters (expected name=value, each name once)");
			}
		}
		int version = (matcher.group(2) != null) ? Integer.parseInt(matcher.group(2)) : 0;
		return new PhcString(matcher.group(1), version, parameters, decode(matcher.group(4)), decode(matcher.group(5)));
	}

	/**
	 * A parameter that has to be a number.
	 */
	int number(String name) {
		String value = this.parameters.get(name);
		if (value == null || !value.matches("\\d{1,9}")) {
			throw new HashFormatException("parameter " + name + " (expected a number)");
		}
		return Integer.parseInt(value);
	}

	/**
	 * Base64 without padding.
	 */
	static String encode(byte[] bytes) {
		return Base64.getEncoder().withoutPadding().encodeToString(bytes);
	}

	static byte[] decode(String text) {
		try {
			return Base64.getDecoder().decode(text);
		}
		catch (IllegalArgumentException ex) {
			throw new HashFormatException("salt or hash (expected base64)");
		}
	}

	@Override
	public String toString() {
		return "PhcString[" + this.id + "]";
	}

}
