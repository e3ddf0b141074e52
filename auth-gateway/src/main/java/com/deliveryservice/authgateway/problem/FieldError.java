package com.deliveryservice.authgateway.problem;

/**
 * What is wrong about one field of a request's body.
 *
 * @param field its name on the wire, dotted when nested; empty when it is the body as a
 * whole
 * @param code a stable word such as {@code missing}, {@code wrong-type}, {@code too-long}
 * @param message an English sentence for a developer; holds nothing of the value
 */
public record FieldError(String field, String code, String message) {

	public static FieldError missing(String field) {
		return new FieldError(field, "missing", "is required");
	}

	public static FieldError wrongType(String field) {
		return new FieldError(field, "wrong-type", "has another type than this field takes");
	}

}
