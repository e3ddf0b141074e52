package com.deliveryservice.authgateway.key;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.testing.GatewayProcess;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The shipped jar with another encryption key than the last start had.
 */
class WrongEncryptionKeyIT {

	private static final Duration WAIT = Duration.ofSeconds(60);

	private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	private static final String OTHER_KEY = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

	private final TestDatabase database = MigratedDatabase.create().raw();

	@Test
	void theProcessEndsAndSaysWhyInOneLine() throws Exception {
		try (GatewayProcess right = GatewayProcess.start(properties(KEY))) {
			await().atMost(WAIT).until(this::hasKey);
			assertThat(right.output()).doesNotContain(KEY);
		}
		try (GatewayProcess wrong = GatewayProcess.start(properties(OTHER_KEY))) {
			assertThat(wrong.exitCode(WAIT)).as(wrong.output()).isEqualTo(1);
			assertThat(wrong.output().lines()).filteredOn((line) -> line.contains("encryption-key"))
				.singleElement()
				.asString()
				.endsWith("auth-gateway.keys.encryption-key: (not shown) "
						+ "(expected the key that the stored signing keys were encrypted with)");
			assertThat(wrong.output()).doesNotContain(OTHER_KEY).doesNotContain("\tat ");
		}
	}

	private boolean hasKey() throws Exception {
		try (var connection = this.database.open();
				var statement = connection.createStatement();
				var rows = statement.executeQuery("SELECT 1 FROM auth.signing_key WHERE status = 'active'")) {
			return rows.next();
		}
	}

	private Map<String, String> properties(String key) {
		Map<String, String> properties = new HashMap<>();
		properties.put("server.port", "0");
		properties.put("auth-gateway.internal.port", "0");
		properties.put("spring.r2dbc.url", this.database.r2dbcUrl());
		properties.put("spring.r2dbc.username", this.database.username());
		properties.put("spring.r2dbc.password", this.database.password());
		properties.put("auth-gateway.workflow-auth.base-url", "http://localhost:1");
		properties.put("auth-gateway.keys.encryption-key", key);
		return properties;
	}

}
