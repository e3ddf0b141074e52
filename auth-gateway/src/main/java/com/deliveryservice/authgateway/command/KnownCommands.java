package com.deliveryservice.authgateway.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * The commands that there are, found by their descriptions without starting anything.
 */
final class KnownCommands {

	private final List<Known> all = new ArrayList<>();

	private KnownCommands() {
	}

	/**
	 * Those below a package.
	 */
	static KnownCommands in(String basePackage) {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
		scanner.addIncludeFilter(new AnnotationTypeFilter(CommandDescription.class));
		KnownCommands commands = new KnownCommands();
		for (BeanDefinition found : scanner.findCandidateComponents(basePackage)) {
			commands.add(ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()),
					KnownCommands.class.getClassLoader()));
		}
		commands.all.sort(Comparator.comparing((known) -> known.description().name()));
		return commands;
	}

	/**
	 * The command of this name, or {@code null}.
	 */
	@Nullable Known find(String name) {
		return this.all.stream().filter((known) -> known.description().name().equals(name)).findFirst().orElse(null);
	}

	/**
	 * All of them, by name.
	 */
	List<CommandDescription> descriptions() {
		return this.all.stream().map(Known::description).toList();
	}

	private void add(Class<?> type) {
		CommandDescription description = type.getAnnotation(CommandDescription.class);
		if (description != null) {
			this.all.add(new Known(description, type.asSubclass(Command.class)));
		}
	}

	/**
	 * A command.
	 *
	 * @param description of it
	 * @param type of the bean
	 */
	record Known(CommandDescription description, Class<? extends Command> type) {

	}

}
