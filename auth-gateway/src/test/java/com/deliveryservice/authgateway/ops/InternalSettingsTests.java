package com.deliveryservice.authgateway.ops;

import java.util.List;

import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.ops.InternalSettings.Client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class InternalSettingsTests {

	private static final String SECRET = "a-secret-of-some-length";

	@Test
	void aPortOutOfRangeIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new InternalSettings(70000, null, List.of()))
			.withMessage("auth-gateway.internal.port: 70000 (expected a port from 1 to 65535, or 0)");
	}

	@Test
	void anUnknownRoleIsRefusedByName() {
		refuses(new Client("probe", SECRET, List.of("introspect", "admin")),
				"auth-gateway.internal.clients[0].roles: admin (expected some of directory, introspect, operate)");
	}

	@Test
	void aMissingSecretOrRoleOrIdIsRefused() {
		refuses(new Client("probe", null, List.of("operate")),
				"auth-gateway.internal.clients[0].secret: missing (expected a secret, better 16 characters or more)");
		refuses(new Client("probe", SECRET, null),
				"auth-gateway.internal.clients[0].roles: missing (expected some of directory, introspect, operate)");
		refuses(new Client(null, SECRET, List.of("operate")),
				"auth-gateway.internal.clients[0].id: missing (expected 1 to 64 letters, digits and . _ -)");
	}

	@Test
	void anIdWithAColonIsRefusedBecauseBasicCannotCarryIt() {
		refuses(new Client("a:b", SECRET, List.of("operate")),
				"auth-gateway.internal.clients[0].id: a:b (expected 1 to 64 letters, digits and . _ -)");
	}

	@Test
	void aSecondClientOfTheSameIdIsRefused() {
		Client client = new Client("probe", SECRET, List.of("operate"));
		assertThatIllegalArgumentException().isThrownBy(() -> new InternalSettings(0, null, List.of(client, client)))
			.withMessage("auth-gateway.internal.clients[1].id: probe (expected an id that no other client has)");
	}

	@Test
	void theSecretIsNeverPrinted() {
		InternalSettings settings = new InternalSettings(0, null,
				List.of(new Client("probe", SECRET, List.of("operate"))));
		assertThat(settings.toString()).contains("probe").doesNotContain(SECRET);
	}

	private static void refuses(Client client, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> new InternalSettings(0, null, List.of(client)))
			.withMessage(message);
	}

}
