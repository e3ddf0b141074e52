package com.deliveryservice.authgateway.forward;

/**
 * Takes the fields of a head that is being written, in whatever form.
 */
interface FieldSink {

	/**
	 * A field whose name and value a decoder has already judged.
	 */
	FieldSink header(CharSequence name, CharSequence value);

	/**
	 * A field whose value comes from elsewhere: a control or non-ASCII character in it is
	 * a fault of ours.
	 */
	default FieldSink checkedHeader(CharSequence name, CharSequence value) {
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			if (c < ' ' || c > '~') {
				throw new IllegalArgumentException("no header value for " + name);
			}
		}
		return header(name, value);
	}

}
