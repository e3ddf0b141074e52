package com.deliveryservice.authgateway.ops;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * The one line that a good start prints: where it listens.
 */
@Component
class StartupNote {

	private static final Logger logger = LoggerFactory.getLogger(StartupNote.class);

	@EventListener
	void started(ApplicationReadyEvent event) {
		Environment environment = event.getApplicationContext().getEnvironment();
		logger.info("Started: edge on port {}, internal listener on port {}",
				environment.getProperty("local.server.port"), environment.getProperty("local.internal.port"));
	}

}
