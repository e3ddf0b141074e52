package com.deliveryservice.authgateway.devstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BackendGuideTests {

	@Test
	void theExampleOfTheGuideIsTheCodeThatTheDemoBackendsRun() throws IOException {
		String source = Files
			.readString(Path.of("src/test/java/com/deliveryservice/authgateway/devstack/AssertionSecurity.java"));
		String example = source.substring(source.indexOf("final class AssertionSecurity"));
		assertThat(Files.readString(Path.of("../docs/backend-guide.md"))).contains("```java\n" + example + "```\n");
	}

}
