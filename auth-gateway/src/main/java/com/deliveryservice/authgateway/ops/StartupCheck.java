package com.deliveryservice.authgateway.ops;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Reads the whole configuration before anything is started, and says everything that is
 * wrong with it at once. Spring itself would stop at the first wrong bean, with a page of
 * text.
 */
public class StartupCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	/** What is asked for by name, not by a settings record of ours. */
	private static final Map<String, String> REQUIRED = required();

	private static final String BASE_PACKAGE = ClassUtils.getPackageName(ClassUtils.getPackageName(StartupCheck.class));

	/**
	 * Stops the start if anything is wrong.
	 */
	@Override
	public void initialize(ConfigurableApplicationContext context) {
		List<String> problems = problemsOf(context.getEnvironment());
		if (!problems.isEmpty()) {
			throw new InvalidConfigurationException(problems);
		}
	}

	/**
	 * Everything that is wrong with a configuration.
	 * @param environment the configuration
	 * @return one line for each wrong property; empty if it can be started with
	 */
	static List<String> problemsOf(ConfigurableEnvironment environment) {
		SettingsReader reader = new SettingsReader();
		Binder binder = Binder.get(environment);
		for (Class<?> type : settingsTypes()) {
			ConfigurationProperties annotation = AnnotatedElementUtils.getMergedAnnotation(type,
					ConfigurationProperties.class);
			if (annotation != null) {
				reader.read(binder, annotation.prefix(), type);
			}
		}
		Map<String, ProblemLine> problems = new LinkedHashMap<>(reader.problems());
		REQUIRED.forEach((name, expected) -> {
			String value = binder.bind(name, String.class).orElse("");
			if (value.isBlank() || value.startsWith("${")) {
				problems.putIfAbsent(name, ProblemLine.of(name, null, expected));
			}
		});
		List<String> lines = new ArrayList<>(problems.values().stream().map(ProblemLine::text).toList());
		new UnknownProperties(reader.known()).in(environment).forEach((line) -> lines.add(line.text()));
		return lines;
	}

	private static List<Class<?>> settingsTypes() {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
		scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
		List<Class<?>> types = new ArrayList<>();
		for (BeanDefinition found : scanner.findCandidateComponents(BASE_PACKAGE)) {
			String name = found.getBeanClassName();
			if (name != null) {
				types.add(ClassUtils.resolveClassName(name, StartupCheck.class.getClassLoader()));
			}
		}
		return types;
	}

	private static Map<String, String> required() {
		Map<String, String> required = new LinkedHashMap<>();
		required.put("spring.r2dbc.url", "r2dbc:postgresql://host:port/database");
		required.put("spring.r2dbc.username", "the database user");
		required.put("spring.r2dbc.password", "the database user's password");
		required.put("auth-gateway.workflow-auth.base-url", "a URL such as https://workflow-auth:7252");
		required.put("auth-gateway.keys.encryption-key", "base64 of 32 bytes");
		return required;
	}

}
