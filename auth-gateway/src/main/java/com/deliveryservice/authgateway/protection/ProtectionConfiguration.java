package com.deliveryservice.authgateway.protection;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.key.DerivedKeys;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts the throttle together, with a key of its own for each use.
 */
@Configuration(proxyBeanMethods = false)
class ProtectionConfiguration {

	@Bean
	ThrottleCounters throttleCounters(Database database, ProtectionSettings settings) {
		return new ThrottleCounters(database, settings);
	}

	@Bean
	ThrottlePurge throttlePurge(ThrottleCounters counters) {
		return new ThrottlePurge(counters);
	}

	@Bean
	SignedDeviceTokens deviceTokens(DerivedKeys keys) {
		return new SignedDeviceTokens(hash(keys, "device tokens"));
	}

	@Bean
	CountedSignIns signInThrottle(ThrottleCounters counters, SignedDeviceTokens devices, DerivedKeys keys) {
		return new CountedSignIns(counters, devices, hash(keys, "throttle counters"));
	}

	/**
	 * Under the current encryption key alone: when it is changed, counters start anew and
	 * devices get a new token with their next sign-in.
	 */
	private static KeyedHash hash(DerivedKeys keys, String purpose) {
		byte[] key = keys.find(keys.currentId(), purpose);
		if (key == null) {
			throw new IllegalStateException("No key for " + purpose);
		}
		return new KeyedHash(key);
	}

}
