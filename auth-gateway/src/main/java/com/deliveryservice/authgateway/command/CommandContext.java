package com.deliveryservice.authgateway.command;

import java.time.Duration;
import java.util.Map;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.Lifecycle;
import org.springframework.context.LifecycleProcessor;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.env.MapPropertySource;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.DatabasePatience;

/**
 * The server's context for a command: the same configuration and beans, but only those
 * that the command asks for, no listener, and no lifecycle bean is started.
 */
final class CommandContext {

	private static final Duration DATABASE = Duration.ofSeconds(15);

	/** A command that was started by hand is read by eye, and has no crowd to serve. */
	private static final Map<String, Object> QUIET = Map.of("logging.level.root", "warn", "logging.level.audit",
			"warn");

	private static final Map<String, Object> POOL = Map.of("spring.r2dbc.pool.initial-size", 1,
			"spring.r2dbc.pool.min-idle", 0, "spring.r2dbc.pool.max-size", 4, "spring.r2dbc.pool.max-acquire-time",
			"10s", "spring.r2dbc.pool.max-create-connection-time", "10s");

	private CommandContext() {
	}

	/**
	 * Starts it.
	 * @throws CommandException if that cannot be, after the log has said why
	 */
	static ConfigurableApplicationContext start(Class<?> application, String... properties) {
		SpringApplication spring = new SpringApplication(application);
		spring.setWebApplicationType(WebApplicationType.NONE);
		spring.setLazyInitialization(true);
		spring.setDefaultProperties(QUIET);
		spring.addInitializers(CommandContext::prepare);
		try {
			return spring.run(properties);
		}
		catch (RuntimeException ex) {
			throw CommandException.usage("Not started: the configuration has to be put right first");
		}
	}

	/**
	 * Brings the schema up to date.
	 */
	static void migrate(ConfigurableApplicationContext context) {
		context.getBean("migration", Lifecycle.class).start();
		try {
			context.getBean(Database.class).ready().block(DATABASE);
		}
		catch (IllegalStateException ex) {
			throw CommandException.failed("The database cannot be reached within " + DATABASE.toSeconds() + " s");
		}
	}

	private static void prepare(ConfigurableApplicationContext context) {
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("command", POOL));
		context.getBeanFactory().registerSingleton("commandPatience", DatabasePatience.OF_COMMANDS);
		context.getBeanFactory()
			.registerSingleton(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME, new StartsNothing());
	}

	private static final class StartsNothing implements LifecycleProcessor {

		@Override
		public void onRefresh() {
			// no listener, no job
		}

		@Override
		public void onClose() {
			// nothing was started
		}

		@Override
		public void start() {
			// as above
		}

		@Override
		public void stop() {
			// as above
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

}
