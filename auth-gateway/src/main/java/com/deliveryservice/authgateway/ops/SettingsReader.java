package com.deliveryservice.authgateway.ops;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.convert.ConversionException;

/**
 * Reads one settings record the way Boot will, and goes on after a mistake: a wrong value
 * is noted and taken for unset, so that the next wrong one is found too.
 */
class SettingsReader extends AbstractBindHandler {

	private static final int MOST_PROBLEMS = 50;

	private final Map<String, ProblemLine> problems = new LinkedHashMap<>();

	private final Set<ConfigurationPropertyName> known = new HashSet<>();

	private final Set<ConfigurationPropertyName> ignored = new HashSet<>();

	/**
	 * Reads a record.
	 * @param binder of the environment
	 * @param prefix of the record
	 * @param type the record
	 */
	void read(Binder binder, String prefix, Class<?> type) {
		for (int i = 0; i < MOST_PROBLEMS; i++) {
			try {
				binder.bindOrCreate(prefix, Bindable.of(type), this);
				return;
			}
			catch (BindException ex) {
				if (!note(ex, prefix)) {
					return;
				}
			}
		}
	}

	/** What is wrong, by the property's name. */
	Map<String, ProblemLine> problems() {
		return this.problems;
	}

	/** Every name that a record asked for, set or not. */
	Set<ConfigurationPropertyName> known() {
		return this.known;
	}

	@Override
	public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
		this.known.add(name);
		return this.ignored.contains(name) ? null : target;
	}

	@Override
	public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Exception error) throws Exception {
		ConfigurationProperty property = context.getConfigurationProperty();
		if (error instanceof ConversionException && property != null) {
			ProblemLine line = ProblemLine.unconvertible(name.toString(), property.getValue(),
					target.getType().resolve(Object.class));
			this.problems.putIfAbsent(name.toString(), line);
			return null;
		}
		throw error;
	}

	/**
	 * Notes what a record's constructor refused.
	 * @return whether reading it again may find more
	 */
	private boolean note(BindException failure, String prefix) {
		ProblemLine line = lineIn(failure);
		if (line == null) {
			if (this.problems.isEmpty()) {
				Throwable cause = (failure.getCause() != null) ? failure.getCause() : failure;
				this.problems.put(prefix, ProblemLine.of(prefix, cause.getMessage(), "readable settings"));
			}
			return false;
		}
		this.problems.putIfAbsent(line.property(), line);
		return ConfigurationPropertyName.isValid(line.property())
				&& this.ignored.add(ConfigurationPropertyName.of(line.property()));
	}

	private static @Nullable ProblemLine lineIn(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			ProblemLine line = ProblemLine.parse(cause.getMessage());
			if (line != null && cause instanceof IllegalArgumentException) {
				return line;
			}
		}
		return null;
	}

}
