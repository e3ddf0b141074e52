package com.deliveryservice.authgateway.ops;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionException;
import org.springframework.util.ClassUtils;

/**
 * Says why the start failed in one line for each cause, where Boot would draw a box or
 * print a stack trace. What it does not know it leaves to Boot. The process then ends
 * with exit code 1.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public class StartupReport implements SpringBootExceptionReporter {

	private static final Logger logger = LoggerFactory.getLogger(StartupReport.class);

	private static final String UNCONVERTIBLE = "Failed to convert to type ";

	private final String edgePort;

	/**
	 * Called by Boot, also when there is no context yet.
	 */
	public StartupReport(@Nullable ConfigurableApplicationContext context) {
		this.edgePort = (context != null) ? context.getEnvironment().getProperty("server.port", "8080") : "8080";
	}

	@Override
	public boolean reportException(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			List<String> lines = linesOf(cause);
			if (!lines.isEmpty()) {
				lines.forEach(logger::error);
				return true;
			}
		}
		return false;
	}

	/**
	 * What one exception of the chain says, or nothing.
	 */
	List<String> linesOf(Throwable cause) {
		if (cause instanceof InvalidConfigurationException invalid) {
			return invalid.lines();
		}
		if (cause instanceof PortInUseException) {
			return List.of("server.port: " + this.edgePort + " (already in use)");
		}
		if (cause instanceof InvalidConfigurationPropertyValueException invalid) {
			return List.of(lineOf(invalid).text());
		}
		ProblemLine line = (cause instanceof BindException unbound) ? lineOf(unbound)
				: (cause instanceof IllegalArgumentException || cause instanceof PortTakenException)
						? ProblemLine.parse(cause.getMessage()) : null;
		return (line != null) ? List.of(line.text()) : List.of();
	}

	/** Properties of Boot itself that it reads by name, such as {@code server.port}. */
	private static ProblemLine lineOf(InvalidConfigurationPropertyValueException failure) {
		String reason = String.valueOf(failure.getReason());
		Class<?> type = reason.startsWith(UNCONVERTIBLE)
				? ClassUtils.resolveClassName(reason.substring(UNCONVERTIBLE.length()), null) : null;
		return (type != null) ? ProblemLine.unconvertible(failure.getName(), failure.getValue(), type)
				: ProblemLine.of(failure.getName(), failure.getValue(), "something else: " + reason);
	}

	/** Settings of Boot itself, such as {@code server.shutdown}. */
	private static @Nullable ProblemLine lineOf(BindException failure) {
		ConfigurationProperty property = failure.getProperty();
		if (property == null || !(failure.getCause() instanceof ConversionException)) {
			return null;
		}
		return ProblemLine.unconvertible(failure.getName().toString(), property.getValue(),
				failure.getTarget().getType().resolve(Object.class));
	}

}
