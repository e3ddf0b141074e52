package com.deliveryservice.authgateway.api;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/**
 * Reads a string from a JSON string alone, never from a number or a boolean, and only one
 * that every later station can keep as it is: PostgreSQL stores no NUL, and UTF-8 has no
 * lone surrogates.
 */
class StrictText extends StdScalarDeserializer<String> {

	StrictText() {
		super(String.class);
	}

	@Override
	public String deserialize(JsonParser parser, DeserializationContext context) {
		if (parser.currentToken() != JsonToken.VALUE_STRING) {
			return (String) context.handleUnexpectedToken(String.class, parser);
		}
		String text = parser.getString();
		if (!text.codePoints().allMatch(StrictText::isStorable)) {
			return (String) context.handleWeirdStringValue(String.class, "", "not storable text");
		}
		return text;
	}

	private static boolean isStorable(int codePoint) {
		return codePoint != 0 && !(codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
	}

}
