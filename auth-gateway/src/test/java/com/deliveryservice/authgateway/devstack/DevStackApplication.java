package com.deliveryservice.authgateway.devstack;

import java.util.concurrent.CountDownLatch;

import org.springframework.boot.logging.LoggingSystem;

/**
 * The dev stack as a process: {@code ./mvnw -pl auth-gateway spring-boot:test-run}.
 */
public final class DevStackApplication {

	private DevStackApplication() {
	}

	/**
	 * Runs until it is stopped; ends with exit code 1 if it cannot start.
	 * @param args properties, {@code --name=value}
	 */
	public static void main(String[] args) throws InterruptedException {
		// silent until the gateway has set logging up
		LoggingSystem.get(DevStackApplication.class.getClassLoader()).beforeInitialize();
		try {
			System.out.println(new Banner(DevStack.start(args)).text());
		}
		catch (DevStack.PortTakenException ex) {
			System.err.println(ex.getMessage());
			System.exit(1);
		}
		catch (RuntimeException ex) {
			System.err.println("The dev stack cannot start: " + ex);
			System.exit(1);
		}
		new CountDownLatch(1).await();
	}

}
