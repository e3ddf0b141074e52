package com.deliveryservice.authgateway.key;

/**
 * Ends this process, as nothing it could do later would be right.
 */
@FunctionalInterface
interface ProcessEnd {

	/**
	 * Ends it with exit code 1, soon; returns at once.
	 * @param line why, in one line for the operator
	 */
	void because(String line);

}
