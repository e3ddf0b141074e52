package com.deliveryservice.authgateway.session;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SessionSettingsTests {

	@Test
	void wrongDurationsAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SessionSettings(Duration.ofHours(2), Duration.ofHours(4), 30))
			.withMessage("auth-gateway.session.refresh-overlap: PT2H (expected 0s to 1h)");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SessionSettings(Duration.ZERO, Duration.ofSeconds(-1), 30))
			.withMessage("auth-gateway.session.outage-grace: PT-1S (expected 0s to 168h)");
	}

	@Test
	void aSessionThatMayNeverBeRenewedIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SessionSettings(Duration.ZERO, Duration.ofHours(4), 0))
			.withMessage("auth-gateway.session.refreshes-per-minute: 0 (expected 1 to 10000)");
	}

}
