package com.deliveryservice.authgateway.ops;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.PortInUseException;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class StartupReportTests {

	private final StartupReport report = new StartupReport(null);

	@Test
	void saysWhatTheCheckFound(CapturedOutput output) {
		assertThat(this.report.reportException(
				new InvalidConfigurationException(List.of("a.b: 1 (expected 2)", "a.c: missing (expected 3)"))))
			.isTrue();
		assertThat(output.getAll().lines()).hasSize(2)
			.anyMatch((line) -> line.endsWith("a.b: 1 (expected 2)"))
			.anyMatch((line) -> line.endsWith("a.c: missing (expected 3)"));
	}

	@Test
	void saysWhatABeanRefusedDeepInTheChain(CapturedOutput output) {
		Throwable failure = new IllegalStateException("Failed to load",
				new BeanCreationException("userTypes", "Instantiation failed",
						new IllegalArgumentException("auth-gateway.user-types.x.manages: y (expected z)")));
		assertThat(this.report.reportException(failure)).isTrue();
		assertThat(output.getAll().lines()).singleElement()
			.asString()
			.endsWith("auth-gateway.user-types.x.manages: y (expected z)");
	}

	@Test
	void saysWhichPortIsTaken(CapturedOutput output) {
		assertThat(this.report.reportException(new IllegalStateException(new PortInUseException(8080)))).isTrue();
		assertThat(this.report.reportException(new IllegalStateException(
				new PortTakenException("auth-gateway.internal.port", 8081, new IllegalStateException()))))
			.isTrue();
		assertThat(output.getAll().lines()).hasSize(2)
			.anyMatch((line) -> line.endsWith("server.port: 8080 (already in use)"))
			.anyMatch((line) -> line.endsWith("auth-gateway.internal.port: 8081 (already in use)"));
	}

	@Test
	void leavesToBootWhatItDoesNotKnow(CapturedOutput output) {
		assertThat(this.report.reportException(new IllegalStateException("a bug"))).isFalse();
		assertThat(output.getAll()).isEmpty();
	}

}
