package com.deliveryservice.authgateway.key;

/**
 * Hears that the stored signing keys may have changed.
 */
@FunctionalInterface
public interface KeyChanges {

	/**
	 * Has them loaded again, soon; returns at once.
	 */
	void changed();

}
