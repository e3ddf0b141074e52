package com.deliveryservice.authgateway.devstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DevStackTests {

	@ParameterizedTest
	@ValueSource(strings = { "server.port", "auth-gateway.internal.port", "dev.workflow-auth.port", "dev.backends.port",
			"dev.notifier.port" })
	void aTakenPortIsSaidInOneLineWithThePropertyThatMovesIt(String property) throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
			String line = property + ": " + taken.getLocalPort() + " (already in use)";
			assertThatExceptionOfType(DevStack.PortTakenException.class)
				.isThrownBy(() -> DevStack.startOnFreePorts("--" + property + "=" + taken.getLocalPort()).close())
				.withMessage(line);
		}
	}

	@Test
	void portsAreThoseOfTheContractUnlessAPropertyMovesThem() {
		assertThat(DevStackSettings.of())
			.isEqualTo(new DevStackSettings(8080, 8081, 9400, 9401, -1, 0, "http://localhost:8080"));
		assertThat(DevStackSettings.of().backendPorts()).containsExactly(9401, 9402, 9403, 9404);
		assertThat(DevStackSettings.of("--server.port=1", "--auth-gateway.internal.port=2",
				"--dev.workflow-auth.port=3", "--dev.backends.port=4", "--dev.notifier.port=5"))
			.isEqualTo(new DevStackSettings(1, 2, 3, 4, 5, 0, "http://localhost:1"));
	}

}
