package com.deliveryservice.authgateway;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

class ModularityTests {

	private final ApplicationModules modules = ApplicationModules.of(AuthGatewayApplication.class);

	@Test
	void modulesUseOnlyWhatTheyMayAndHaveNoCycles() {
		this.modules.verify();
	}

	@Test
	void theModuleCanvasesAreWrittenToTheBuildFolder() {
		new Documenter(this.modules).writeDocumentation();
	}

}
