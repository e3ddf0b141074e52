package com.deliveryservice.authgateway.revocation;

import java.time.Duration;

import org.springframework.stereotype.Component;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * How fast and how far this replica knows of ended sessions.
 */
@Component
class RevocationMeters {

	private final Timer lag;

	RevocationMeters(MeterRegistry meters, EndedSessionRegistry registry) {
		this.lag = Timer.builder("auth_gateway.revocation.lag")
			.description("From a session's end in the database to this replica's knowledge of it, when notified")
			.publishPercentileHistogram()
			.maximumExpectedValue(Duration.ofSeconds(10))
			.register(meters);
		Gauge.builder("auth_gateway.revocation.staleness", () -> registry.staleness().toMillis() / 1000.0)
			.description("For how long this replica has not been sure to know every ended session")
			.baseUnit("seconds")
			.register(meters);
		Gauge.builder("auth_gateway.revocation.sessions", registry::size)
			.description("Ended sessions that are kept in memory")
			.register(meters);
	}

	void heardAfter(Duration lag) {
		this.lag.record(lag.isNegative() ? Duration.ZERO : lag);
	}

}
