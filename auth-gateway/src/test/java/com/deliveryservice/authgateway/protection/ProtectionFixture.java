package com.deliveryservice.authgateway.protection;

import java.time.Duration;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.key.DerivedKeys;

/**
 * The throttle over a migrated database, without a Spring context: one replica's.
 */
public final class ProtectionFixture {

	/** More than in production: a hundred at once on a busy machine. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	static final SignedDeviceTokens DEVICES = new SignedDeviceTokens(new KeyedHash(new byte[32]));

	private static final KeyedHash HASH = new KeyedHash(new byte[32]);

	private ProtectionFixture() {
	}

	static CountedSignIns throttle(Database database, ProtectionSettings settings) {
		return throttle(database, settings, PATIENCE);
	}

	static CountedSignIns throttle(Database database, ProtectionSettings settings, Duration deadline) {
		FailureCounters counters = new FailureCounters(settings);
		AddressBucket addresses = new AddressBucket(database, settings);
		return new CountedSignIns(new DeviceLane(database, counters, settings),
				new OpenLane(database, counters, addresses, settings), addresses,
				(attempt) -> LaneKeys.of(attempt, DEVICES, HASH), new SimpleMeterRegistry(), deadline);
	}

	/**
	 * With five free failures of an account.
	 */
	public static SignInThrottle throttle(Database database) {
		return throttle(database, new ProtectionSettings(5, Duration.ofMinutes(15), 100, 20, 40, 10));
	}

	/**
	 * With 200 sign-ups an hour from one address.
	 */
	public static SignUpLimits signUpLimits(Database database, DerivedKeys keys) {
		return new SignUpLimits(new WindowCounts(database, keys), new SignUpLimitSettings(200, 3, 10));
	}

	public static SignInsUnderWay underWay(Database database) {
		return new SignInsUnderWay(database, HASH);
	}

}
