package com.deliveryservice.authgateway.ops;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class InternalPathsTests {

	@ParameterizedTest
	@ValueSource(strings = { "/Auth/AddUser", "/verify/nginx", "/verify/envoy/api/caf%C3%A9", "/oauth2/introspect",
			"/actuator", "/actuator/", "/actuator/health/liveness" })
	void servesWhatIsInternal(String path) {
		assertThat(InternalPaths.isServed(path)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/auth/sign-in", "/AUTH/AddUser", "/Actuator/health", "/Auth", "/actuatorx",
			"/oauth2/introspect/", "/oauth2/token", "/.well-known/jwks.json", "/api/customer/orders",
			"/verifyx/nginx" })
	void servesNothingElse(String path) {
		assertThat(InternalPaths.isServed(path)).isFalse();
	}

}
