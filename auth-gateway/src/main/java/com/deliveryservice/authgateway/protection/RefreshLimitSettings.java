package com.deliveryservice.authgateway.protection;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.protection.refresh.*}.
 *
 * @param perMinuteAndAddress how many refreshes may come from one address (IPv6: /64) in
 * a minute, on one replica
 */
@ConfigurationProperties("auth-gateway.protection.refresh")
public record RefreshLimitSettings(@DefaultValue("300") int perMinuteAndAddress) {

	public RefreshLimitSettings {
		if (perMinuteAndAddress < 1 || perMinuteAndAddress > 1_000_000) {
			throw new IllegalArgumentException("auth-gateway.protection.refresh.per-minute-and-address: "
					+ perMinuteAndAddress + " (expected 1 to 1000000)");
		}
	}

}
