package com.deliveryservice.authgateway.chain;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AuditSettingsTests {

	@Test
	void retentionIsADayToTenYears() {
		assertThatIllegalArgumentException().isThrownBy(() -> new AuditSettings(Duration.ofHours(23), null))
			.withMessage("auth-gateway.audit.retention: PT23H (expected 1d to 3660d)");
		assertThatIllegalArgumentException().isThrownBy(() -> new AuditSettings(Duration.ofDays(3661), null));
		assertThat(new AuditSettings(Duration.ofDays(1), " ").lostKeyId()).isNull();
	}

	@Test
	void aLostKeyIsNamedByItsId() {
		assertThatIllegalArgumentException().isThrownBy(() -> new AuditSettings(Duration.ofDays(400), "old"))
			.withMessage("auth-gateway.audit.lost-key-id: old (expected 16 hexadecimal digits, as the log gives them)");
		assertThat(new AuditSettings(Duration.ofDays(400), "0123456789abcdef").lostKeyId())
			.isEqualTo("0123456789abcdef");
	}

}
