package com.deliveryservice.authgateway.audit;

/**
 * What strangers wrote, made fit for a table, a log line and JSON.
 */
final class Text {

	private Text() {
	}

	/**
	 * Without control characters and halves of surrogate pairs, cut to a number of
	 * characters.
	 */
	static String clean(String text, int longest) {
		StringBuilder cleaned = new StringBuilder();
		text.codePoints()
			.filter((c) -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
			.limit(longest)
			.forEach(cleaned::appendCodePoint);
		return cleaned.toString();
	}

}
