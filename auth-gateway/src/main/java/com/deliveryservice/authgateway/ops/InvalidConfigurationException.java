package com.deliveryservice.authgateway.ops;

import java.util.List;

/**
 * The configuration cannot be started with.
 */
class InvalidConfigurationException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final transient List<String> lines;

	/**
	 * Says everything that is wrong.
	 * @param lines one "name: value (expected …)" for each wrong property
	 */
	InvalidConfigurationException(List<String> lines) {
		super(String.join("; ", lines));
		this.lines = List.copyOf(lines);
	}

	List<String> lines() {
		return this.lines;
	}

}
