package com.deliveryservice.authgateway.testing;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the build when a buffer was lost, in whatever test: found without anybody asking
 * for it, as BlockHound is. The class after which a leak is heard of is seldom far from
 * the one that caused it; a last look, after garbage has been collected, belongs to the
 * whole run.
 */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {

	@Override
	public void beforeAll(ExtensionContext context) {
		context.getRoot()
			.getStore(ExtensionContext.Namespace.create(NoLeaks.class))
			.computeIfAbsent(NoLeaks.class, (key) -> (AutoCloseable) LeakWatch::checkAfterCollection);
	}

	@Override
	public void afterAll(ExtensionContext context) {
		LeakWatch.check();
	}

}
