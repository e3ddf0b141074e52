package com.deliveryservice.authgateway.key;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class KeyConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(KeyConfiguration.class);

	@Bean
	CryptoProvider cryptoProvider(Randomness randomness) {
		return CryptoProvider.fastest(randomness);
	}

	@Bean
	ProcessEnd processEnd(ApplicationContext context) {
		return (line) -> {
			logger.error(line);
			// on a thread of its own: the context's closing waits for the one that calls;
			// and not a daemon, or the
			// process would end by itself, with exit code 0, as soon as the context is
			// closed
			Thread end = new Thread(() -> System.exit(SpringApplication.exit(context, () -> 1)), "process-end");
			end.setDaemon(false);
			end.start();
		};
	}

}
