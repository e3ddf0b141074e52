package com.deliveryservice.authgateway.testing;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the build when a buffer was lost, in whatever test: found without anybody asking
 * for it, as BlockHound is. What a class left to be closed when it ended, and lost then,
 * is told of the next.
 */
public final class NoLeaks implements AfterAllCallback {

	@Override
	public void afterAll(ExtensionContext context) {
		LeakWatch.checkAfterCollection();
	}

}
