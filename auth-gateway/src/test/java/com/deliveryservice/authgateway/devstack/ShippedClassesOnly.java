package com.deliveryservice.authgateway.devstack;

import java.io.IOException;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.Resource;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

import com.deliveryservice.authgateway.AuthGatewayApplication;

/**
 * Keeps the configurations of tests out of the gateway's component scan, so that the dev
 * stack runs what is shipped and nothing more.
 */
final class ShippedClassesOnly extends TypeExcludeFilter {

	private static final String SHIPPED = String
		.valueOf(AuthGatewayApplication.class.getProtectionDomain().getCodeSource().getLocation());

	static void addTo(ConfigurableApplicationContext context) {
		context.getBeanFactory().registerSingleton(ShippedClassesOnly.class.getName(), new ShippedClassesOnly());
	}

	@Override
	public boolean match(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
		Resource resource = reader.getResource();
		return !String.valueOf(resource.getURL()).startsWith(SHIPPED);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof ShippedClassesOnly;
	}

	@Override
	public int hashCode() {
		return ShippedClassesOnly.class.hashCode();
	}

}
