package com.deliveryservice.authgateway.testing;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBufAllocator;

/**
 * The leaks of this JVM, as {@link LeakDetector} finds them. A line in a log fails
 * nothing; {@link #check} does, and {@link NoLeaks} calls it after every test class.
 */
public final class LeakWatch {

	private static final List<String> LEAKS = new ArrayList<>();

	/** More than one, since what is queued arrives in its own time. */
	private static final int OCCASIONS = 20;

	private static int total;

	private LeakWatch() {
	}

	/**
	 * Fails if a leak became known since this was last asked.
	 * @throws AssertionError with the first of them, and where the buffer had been
	 */
	public static void check() {
		List<String> found = take();
		if (!found.isEmpty()) {
			throw new AssertionError(found.size() + " leaked, the first: LEAK: " + found.get(0));
		}
	}

	/**
	 * As {@link #check}, after collecting garbage and allocating, so that the detector
	 * has something to say and an occasion to say it.
	 */
	public static void checkAfterCollection() {
		collect();
		for (int i = 0; i < OCCASIONS; i++) {
			ByteBufAllocator.DEFAULT.directBuffer(16).release();
		}
		check();
	}

	/**
	 * Leaks of this JVM so far, those included that {@link #check} forgives.
	 */
	public static int total() {
		synchronized (LEAKS) {
			return total;
		}
	}

	static void heard(String leak) {
		synchronized (LEAKS) {
			total++;
			if (isOurs(leak)) {
				LEAKS.add(leak);
			}
		}
	}

	private static List<String> take() {
		synchronized (LEAKS) {
			List<String> taken = List.copyOf(LEAKS);
			LEAKS.clear();
			return taken;
		}
	}

	/**
	 * Collects garbage, and waits (a second at most) until what was found dead has been
	 * queued for those who asked, since that is another thread's work.
	 */
	private static void collect() {
		ReferenceQueue<Object> queue = new ReferenceQueue<>();
		WeakReference<Object> sentinel = new WeakReference<>(new Object(), queue);
		System.gc();
		try {
			queue.remove(1000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			Reference.reachabilityFence(sentinel);
		}
	}

	/**
	 * Two clients leak that are no code of the gateway's: the database driver, when a
	 * statement is cancelled or its connection cut; and the test client of Spring, the
	 * only one here that unpacks answers, when a test does not ask for a body. Every
	 * other leak counts. What the driver's thread hands on counts as the driver's, too:
	 * an answer of the API lane that is made just as its client leaves may be lost so.
	 */
	private static boolean isOurs(String leak) {
		boolean unpacks = leak.contains("io.netty.handler.codec.http.HttpClientCodec")
				&& leak.contains("io.netty.handler.codec.MessageToMessageDecoder");
		return !unpacks && !leak.contains("io.r2dbc.postgresql");
	}

}
