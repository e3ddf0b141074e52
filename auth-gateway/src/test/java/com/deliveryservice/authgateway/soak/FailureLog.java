package com.deliveryservice.authgateway.soak;

import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the gateway logs of failed exchanges with the backend that is well, of which
 * there should be few; those of the other fill no log.
 */
final class FailureLog extends AppenderBase<ILoggingEvent> {

	private static final int MOST = 200;

	private final List<String> lines = new ArrayList<>();

	/** Begins, after the gateway has set up its logging. */
	static FailureLog begin() {
		FailureLog log = new FailureLog();
		Logger logger = (Logger) LoggerFactory.getLogger("com.deliveryservice.authgateway.forward.Failures");
		log.setContext(logger.getLoggerContext());
		log.start();
		logger.setLevel(Level.WARN);
		logger.setAdditive(false);
		logger.addAppender(log);
		return log;
	}

	/** What it says of the request with an id, or nothing. */
	synchronized String of(String requestId) {
		return this.lines.stream()
			.filter((line) -> !requestId.isEmpty() && line.contains(requestId))
			.findFirst()
			.orElse("");
	}

	@Override
	protected synchronized void append(ILoggingEvent event) {
		String line = event.getFormattedMessage();
		if (!line.contains(" route-3 ")) {
			if (this.lines.size() == MOST) {
				this.lines.remove(0);
			}
			this.lines.add(line);
		}
	}

}
