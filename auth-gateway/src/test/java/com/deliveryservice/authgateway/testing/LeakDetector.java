package com.deliveryservice.authgateway.testing;

import io.netty.util.ResourceLeakDetector;

/**
 * Netty's own detector, which tells {@link LeakWatch} besides logging. Whoever sets
 * logging up anew cannot silence it. Named by {@code io.netty.customResourceLeakDetector}
 * in the pom.
 *
 * @param <T> what may leak
 */
public final class LeakDetector<T> extends ResourceLeakDetector<T> {

	/**
	 * Called by Netty for each type of resource.
	 */
	public LeakDetector(Class<?> type, int samplingInterval) {
		super(type, samplingInterval);
	}

	/**
	 * Called by Netty's older users.
	 * @param ignored as Netty does
	 */
	@SuppressWarnings("deprecation")
	public LeakDetector(Class<?> type, int samplingInterval, long ignored) {
		super(type, samplingInterval, ignored);
	}

	@Override
	protected boolean needReport() {
		return true;
	}

	@Override
	protected void reportTracedLeak(String type, String records) {
		LeakWatch.heard(type + " " + records);
		super.reportTracedLeak(type, records);
	}

	@Override
	protected void reportUntracedLeak(String type) {
		LeakWatch.heard(type);
		super.reportUntracedLeak(type);
	}

}
