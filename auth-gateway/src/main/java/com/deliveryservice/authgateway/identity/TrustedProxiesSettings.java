package com.deliveryservice.authgateway.identity;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose {@code X-Forwarded-*} count.
 *
 * @param trustedProxies networks such as {@code 10.0.0.0/8} or {@code fd00::/8}; empty:
 * nobody's
 */
@ConfigurationProperties("auth-gateway")
public record TrustedProxiesSettings(@DefaultValue List<String> trustedProxies) {

	public TrustedProxiesSettings {
		trustedProxies = List.copyOf(trustedProxies);
		for (String network : trustedProxies) {
			if (Network.parse(network) == null) {
				throw new IllegalArgumentException("auth-gateway.trusted-proxies: " + network
						+ " (expected networks such as 10.0.0.0/8 or fd00::/8)");
			}
		}
	}

}
