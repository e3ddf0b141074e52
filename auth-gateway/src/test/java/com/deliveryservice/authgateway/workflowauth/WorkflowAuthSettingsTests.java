package com.deliveryservice.authgateway.workflowauth;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WorkflowAuthSettingsTests {

	@Test
	void theDefaultsAreThoseOfTheContract() {
		WorkflowAuthSettings settings = bind(Map.of("base-url", "https://workflow-auth:7252"));
		assertThat(settings.connectTimeout()).hasSeconds(1);
		assertThat(settings.timeout()).hasSeconds(3);
		assertThat(settings.zone()).hasToString("UTC");
		assertThat(settings.authorization()).isNull();
		assertThat(settings.maxConcurrent()).isEqualTo(50);
	}

	@ParameterizedTest
	@CsvSource({ "http://localhost:9400, http://localhost:9400/AuthWebApi/AddUser",
			"https://gate/wfa/, https://gate/wfa/AuthWebApi/AddUser" })
	void operationsAreBelowTheBaseUrl(String baseUrl, String expected) {
		assertThat(bind(Map.of("base-url", baseUrl)).url(Operation.ADD_USER)).isEqualTo(expected);
	}

	@Test
	void theBaseUrlIsRequired() {
		assertThat(refused(Map.of())).startsWith("auth-gateway.workflow-auth.base-url: missing (expected ");
	}

	@ParameterizedTest
	@CsvSource({ "base-url, workflow-auth:7252", "base-url, ftp://host", "base-url, /relative", "base-url, http:///x",
			"base-url, http://u:p@host", "base-url, http://host?x=1", "base-url, 'http://a b'", "timeout, 0s",
			"timeout, 2m", "connect-timeout, -1s", "time-zone, Mars/Olympus", "max-concurrent, 0" })
	void aWrongValueIsSaidWithWhatWasExpected(String property, String value) {
		assertThat(refused(Map.of(property, value))).startsWith("auth-gateway.workflow-auth." + property + ": ")
			.contains(" (expected ");
	}

	@ParameterizedTest
	@CsvSource({ "username, password", "password, username" })
	void oneCredentialAsksForTheOther(String given, String missing) {
		assertThat(refused(Map.of("base-url", "http://host", given, "s3cret")))
			.startsWith("auth-gateway.workflow-auth." + missing + ": missing")
			.doesNotContain("s3cret");
	}

	private static String refused(Map<String, String> properties) {
		Map<String, String> all = new HashMap<>(properties);
		if (!properties.isEmpty()) {
			all.putIfAbsent("base-url", "http://host");
		}
		Throwable failure = assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(all)).actual();
		while (failure.getCause() != null) {
			failure = failure.getCause();
		}
		@Nullable String message = failure.getMessage();
		return String.valueOf(message);
	}

	private static WorkflowAuthSettings bind(Map<String, String> properties) {
		Map<String, String> prefixed = new HashMap<>();
		properties.forEach((name, value) -> prefixed.put("auth-gateway.workflow-auth." + name, value));
		return new Binder(new MapConfigurationPropertySource(prefixed)).bindOrCreate("auth-gateway.workflow-auth",
				Bindable.of(WorkflowAuthSettings.class));
	}

}
