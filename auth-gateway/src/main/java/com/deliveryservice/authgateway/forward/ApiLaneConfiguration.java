package com.deliveryservice.authgateway.forward;

import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/**
 * Builds the API lane once, for both listeners.
 */
@Configuration(proxyBeanMethods = false)
class ApiLaneConfiguration {

	@Bean
	ApiLane apiLane(ApplicationContext context) {
		return new ApiLane(WebHttpHandlerBuilder.applicationContext(context).build());
	}

}
