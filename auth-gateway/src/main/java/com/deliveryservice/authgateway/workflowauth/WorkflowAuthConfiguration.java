package com.deliveryservice.authgateway.workflowauth;

import java.time.Clock;

import javax.net.ssl.TrustManagerFactory;

import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts the client of workflow-auth together.
 */
@Configuration(proxyBeanMethods = false)
class WorkflowAuthConfiguration {

	@Bean
	HttpWorkflowAuth workflowAuth(WorkflowAuthSettings settings, SslBundles bundles, MeterRegistry meters,
			Clock clock) {
		Exchange exchange = new Exchange(settings, trust(settings, bundles));
		CallGuard guard = new CallGuard(settings.maxConcurrent(), CallGuard.breaker(), meters);
		return new HttpWorkflowAuth(settings, exchange, guard, clock);
	}

	private static @Nullable TrustManagerFactory trust(WorkflowAuthSettings settings, SslBundles bundles) {
		return (settings.sslBundle() != null)
				? bundles.getBundle(settings.sslBundle()).getManagers().getTrustManagerFactory() : null;
	}

}
