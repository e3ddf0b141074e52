package com.deliveryservice.authgateway.testing;

import java.time.Duration;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

@ExtendWith(LeakWatchTests.OwnContext.class)
class LeakWatchTests {

	@Test
	void theWholeRunIsWatchedAtTheLevelThatMissesNothing() {
		assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
	}

	@Test
	void aLostBufferFailsTheTestClassOnce(ExtensionContext context) {
		NoLeaks extension = new NoLeaks();
		lose();
		Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			AssertionError error = collected(extension, context);
			assertThat(error).hasMessageContaining("LEAK").hasMessageContaining("lost on purpose");
		});
		assertThatCode(() -> extension.afterAll(context)).doesNotThrowAnyException();
	}

	private static AssertionError collected(NoLeaks extension, ExtensionContext context) {
		try {
			extension.afterAll(context);
		}
		catch (AssertionError ex) {
			return ex;
		}
		return new AssertionError("nothing heard of yet");
	}

	private static void lose() {
		ByteBufAllocator.DEFAULT.directBuffer(16).touch("lost on purpose");
	}

	/** Hands the test the context that JUnit gives to extensions. */
	static final class OwnContext implements ParameterResolver {

		@Override
		public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
			return parameter.getParameter().getType() == ExtensionContext.class;
		}

		@Override
		public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
			return context;
		}

	}

}
