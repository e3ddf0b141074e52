package com.deliveryservice.authgateway.devstack;

import java.util.List;
import java.util.stream.IntStream;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Where everything listens; 0 is any free port. Read from the command line, system
 * properties and environment variables, before there is a Spring context.
 *
 * @param edge {@code server.port}
 * @param internal {@code auth-gateway.internal.port}
 * @param workflowAuth {@code dev.workflow-auth.port}
 * @param backends {@code dev.backends.port}, the first of four
 * @param notifier {@code dev.notifier.port}; -1: 9405, or any other if that is taken
 * @param database {@code dev.database.port}, where the gateway reaches the database if
 * something stands between; 0 if nothing does
 * @param issuer {@code auth-gateway.issuer}; by default the edge's address
 */
record DevStackSettings(int edge, int internal, int workflowAuth, int backends, int notifier, int database,
		String issuer) {

	static DevStackSettings of(String... args) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(args));
		ConfigurationPropertySources.attach(environment);
		Binder binder = Binder.get(environment);
		int edge = port(binder, "server.port", 8080);
		return new DevStackSettings(edge, port(binder, "auth-gateway.internal.port", 8081),
				port(binder, "dev.workflow-auth.port", 9400), port(binder, "dev.backends.port", 9401),
				port(binder, "dev.notifier.port", -1), port(binder, "dev.database.port", 0),
				binder.bind("auth-gateway.issuer", String.class)
					.orElse("http://localhost:" + ((edge != 0) ? edge : 8080)));
	}

	/**
	 * The ports of the demo backends in their order.
	 */
	List<Integer> backendPorts() {
		return IntStream.range(0, DemoBackend.NAMES.size())
			.map((index) -> (this.backends != 0) ? this.backends + index : 0)
			.boxed()
			.toList();
	}

	private static int port(Binder binder, String name, int usual) {
		return binder.bind(name, Integer.class).orElse(usual);
	}

}
