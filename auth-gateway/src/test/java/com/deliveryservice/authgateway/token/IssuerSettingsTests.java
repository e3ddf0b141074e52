package com.deliveryservice.authgateway.token;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class IssuerSettingsTests {

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost:8080", "https://auth.example.org", "https://example.org/gateway" })
	void anAbsoluteUrlIsAnIssuer(String issuer) {
		assertThat(new IssuerSettings(issuer).issuer()).isEqualTo(issuer);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "gateway", "/path", "ftp://example.org", "https://", "https://example.org?a=b",
			"https://example.org#a", "https://exa mple.org" })
	void anythingElseIsNot(String issuer) {
		assertThatIllegalArgumentException().isThrownBy(() -> new IssuerSettings(issuer))
			.withMessage("auth-gateway.issuer: " + issuer + " (expected an absolute http or https URL without query)");
	}

}
