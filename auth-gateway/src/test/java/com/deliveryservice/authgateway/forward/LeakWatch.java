package com.deliveryservice.authgateway.forward;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.slf4j.LoggerFactory;

/**
 * Hears what Netty's leak detector says.
 */
final class LeakWatch extends AppenderBase<ILoggingEvent> {

	private static final LeakWatch INSTANCE = install();

	private final List<String> leaks = new CopyOnWriteArrayList<>();

	private static LeakWatch install() {
		LeakWatch watch = new LeakWatch();
		Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
		watch.setContext(logger.getLoggerContext());
		watch.start();
		logger.addAppender(watch);
		return watch;
	}

	/**
	 * Begins to listen, once.
	 */
	static void begin() {
		INSTANCE.start();
	}

	/**
	 * The leaks that are known so far.
	 */
	static List<String> leaks() {
		return INSTANCE.leaks;
	}

	/**
	 * Collects garbage and allocates, so that the detector has something to say and an
	 * occasion to say it.
	 */
	static List<String> leaksAfterCollection() {
		for (int i = 0; i < 3; i++) {
			System.gc();
			for (int j = 0; j < 20; j++) {
				ByteBufAllocator.DEFAULT.directBuffer(16).release();
			}
		}
		return INSTANCE.leaks;
	}

	@Override
	protected void append(ILoggingEvent event) {
		if (isOurs(event.getFormattedMessage())) {
			this.leaks.add(event.getFormattedMessage());
		}
	}

	/**
	 * Two clients that the forward lane does not use leak in other tests of this JVM: the
	 * database driver, when a connection is cut under a statement, and the HTTP client
	 * that a demo backend fetches keys with. Every other leak counts.
	 */
	private static boolean isOurs(String message) {
		return message.contains("LEAK") && !message.contains("io.r2dbc.postgresql")
				&& !message.contains("io.netty.handler.codec.http.HttpClientCodec");
	}

}
