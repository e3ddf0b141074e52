package com.deliveryservice.authgateway.devstack;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.netty.ChannelBindException;

import com.deliveryservice.authgateway.AuthGatewayApplication;
import com.deliveryservice.authgateway.testing.TestDatabase;

/**
 * Everything that the gateway needs around it, and the gateway, in this JVM: a real
 * PostgreSQL, the stand-ins of workflow-auth and of the notification service, four demo
 * backends, five users (contract/configuration.md, "The dev stack").
 */
public final class DevStack implements AutoCloseable {

	private static final List<String> PORTS = List.of("--server.port=", "--auth-gateway.internal.port=",
			"--dev.workflow-auth.port=", "--dev.backends.port=", "--dev.notifier.port=");

	private static final int USUAL_NOTIFIER_PORT = 9405;

	private final Deque<AutoCloseable> started = new ArrayDeque<>();

	private final List<DemoBackend> backends = new ArrayList<>();

	private final TestDatabase database;

	private final WorkflowAuthStandIn standIn;

	private final NotifierStandIn notifier;

	private final ConfigurableApplicationContext gateway;

	private final @Nullable BeanPostProcessor watcher;

	private DevStack(@Nullable BeanPostProcessor watcher, String... args) {
		this.watcher = watcher;
		DevStackSettings settings = DevStackSettings.of(args);
		try {
			requireFree("server.port", settings.edge());
			requireFree("auth-gateway.internal.port", settings.internal());
			this.standIn = startStandIn(settings);
			startBackends(settings);
			this.notifier = startNotifier(settings.notifier());
			this.database = TestDatabase.create();
			this.gateway = startGateway(settings, args);
			connect();
			DemoUsers.create(this.gateway, this.database, internalUrl());
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Starts it and waits until the gateway is ready.
	 * @param args properties as on the command line, {@code --name=value}
	 * @throws PortTakenException if a port cannot be had
	 */
	public static DevStack start(String... args) {
		return new DevStack(null, args);
	}

	/**
	 * Starts it on free ports.
	 * @param args further properties, ports among them if need be
	 */
	public static DevStack startOnFreePorts(String... args) {
		return new DevStack(null, onFreePorts(args));
	}

	/**
	 * Starts it on free ports, and lets somebody watch what the gateway's beans do.
	 */
	static DevStack startWatched(BeanPostProcessor watcher, String... args) {
		return new DevStack(watcher, onFreePorts(args));
	}

	private static String[] onFreePorts(String... args) {
		List<String> all = new ArrayList<>(List.of(args));
		PORTS.stream()
			.filter((port) -> all.stream().noneMatch((arg) -> arg.startsWith(port)))
			.toList()
			.forEach((port) -> all.add(port + "0"));
		return all.toArray(String[]::new);
	}

	/**
	 * The gateway as clients reach it.
	 */
	public String edgeUrl() {
		return "http://localhost:" + property("local.server.port");
	}

	/**
	 * The internal listener.
	 */
	public String internalUrl() {
		return "http://localhost:" + property("local.internal.port");
	}

	public WorkflowAuthStandIn standIn() {
		return this.standIn;
	}

	/**
	 * The stand-in of the notification service.
	 */
	public NotifierStandIn notifier() {
		return this.notifier;
	}

	/**
	 * The demo backends: customer, kitchen, courier, manager.
	 */
	public List<DemoBackend> backends() {
		return List.copyOf(this.backends);
	}

	public TestDatabase database() {
		return this.database;
	}

	/**
	 * The gateway's own context.
	 */
	public ConfigurableApplicationContext gateway() {
		return this.gateway;
	}

	@Override
	public void close() {
		while (!this.started.isEmpty()) {
			try {
				this.started.pop().close();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	private WorkflowAuthStandIn startStandIn(DevStackSettings settings) {
		int port = settings.workflowAuth();
		return opened(bound("dev.workflow-auth.port", port,
				() -> WorkflowAuthStandIn.start(port, "http://localhost:" + settings.internal(),
						GatewayProperties.DIRECTORY_CLIENT, GatewayProperties.DIRECTORY_SECRET)));
	}

	private void startBackends(DevStackSettings settings) {
		for (int index = 0; index < DemoBackend.NAMES.size(); index++) {
			String name = DemoBackend.NAMES.get(index);
			int port = settings.backendPorts().get(index);
			String property = "dev.backends.port" + ((index > 0) ? " + " + index : "");
			this.backends.add(opened(bound(property, port,
					() -> DemoBackend.start(port, name, "http://localhost:" + settings.edge(), settings.issuer()))));
		}
	}

	/**
	 * Unlike the others nobody expects it at its usual port: it moves by itself.
	 */
	private NotifierStandIn startNotifier(int port) {
		if (port >= 0) {
			return opened(bound("dev.notifier.port", port, () -> NotifierStandIn.start(port)));
		}
		try {
			return opened(NotifierStandIn.start(USUAL_NOTIFIER_PORT));
		}
		catch (ChannelBindException ex) {
			return opened(NotifierStandIn.start(0));
		}
	}

	private ConfigurableApplicationContext startGateway(DevStackSettings settings, String... args) {
		SpringApplication application = new SpringApplication(AuthGatewayApplication.class);
		Map<String, Object> properties = GatewayProperties.of(seenByTheGateway(settings), this.standIn, this.backends,
				settings.issuer());
		properties.putAll(GatewayProperties.of(this.notifier));
		application.setDefaultProperties(properties);
		application.addInitializers(ShippedClassesOnly::addTo);
		BeanPostProcessor watching = this.watcher;
		if (watching != null) {
			application.addInitializers((context) -> context.getBeanFactory().addBeanPostProcessor(watching));
		}
		return opened(application.run(args));
	}

	private TestDatabase seenByTheGateway(DevStackSettings settings) {
		return (settings.database() == 0) ? this.database
				: new TestDatabase(this.database.host(), settings.database(), this.database.name());
	}

	/** Ports that were chosen freely are known only now. */
	private void connect() {
		this.standIn.authBackend(internalUrl());
		this.backends.forEach((backend) -> backend.gateway(edgeUrl()));
	}

	private @Nullable String property(String name) {
		return this.gateway.getEnvironment().getProperty(name);
	}

	private <T extends AutoCloseable> T opened(T part) {
		this.started.push(part);
		return part;
	}

	private static <T> T bound(String property, int port, Supplier<T> start) {
		try {
			return start.get();
		}
		catch (ChannelBindException ex) {
			throw new PortTakenException(property, port, ex);
		}
	}

	private static void requireFree(String property, int port) {
		try (ServerSocket socket = new ServerSocket(port)) {
			socket.setReuseAddress(true);
		}
		catch (IOException ex) {
			throw new PortTakenException(property, port, ex);
		}
	}

	/**
	 * A port cannot be had; the message is one line that says which property moves it.
	 */
	public static final class PortTakenException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		PortTakenException(String property, int port, Throwable cause) {
			super(property + ": " + port + " (already in use)", cause);
		}

	}

}
