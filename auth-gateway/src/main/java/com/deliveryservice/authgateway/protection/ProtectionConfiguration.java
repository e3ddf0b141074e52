package com.deliveryservice.authgateway.protection;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.key.DerivedKeys;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * Puts the throttle together, with a key of its own for each use.
 */
@Configuration(proxyBeanMethods = false)
class ProtectionConfiguration {

	@Bean
	ThrottlePurge throttlePurge(Database database) {
		return new ThrottlePurge(database);
	}

	@Bean
	SignedDeviceTokens deviceTokens(DerivedKeys keys) {
		return new SignedDeviceTokens(hash(keys, "device tokens"));
	}

	@Bean
	CountedSignIns signInThrottle(Database database, SignedDeviceTokens devices, DerivedKeys keys,
			ProtectionSettings settings, MeterRegistry meters) {
		FailureCounters counters = new FailureCounters(settings);
		KeyedHash hash = hash(keys, "throttle counters");
		AddressBucket addresses = new AddressBucket(database, settings);
		return new CountedSignIns(new DeviceLane(database, counters, settings),
				new OpenLane(database, counters, addresses, settings), addresses,
				(attempt) -> LaneKeys.of(attempt, devices, hash), meters, CountedSignIns.DEADLINE);
	}

	@Bean
	SignInsUnderWay signInsUnderWay(Database database, DerivedKeys keys) {
		return new SignInsUnderWay(database, hash(keys, "sign-ins under way"));
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
