package com.deliveryservice.authgateway.account;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.deliveryservice.authgateway.problem.ProblemCode;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * That the description and the API have the same operations. That the answers are as
 * described is judged in every test of an endpoint, by {@link OpenApi}.
 */
class OpenApiTests {

	private final OpenApi description = OpenApi.read();

	@Test
	void everyOperationIsDescribedAndEveryDescribedOneIsServed() {
		assertThat(served()).isEqualTo(this.description.operations());
	}

	/**
	 * Two codes never leave as such: they are errors of OAuth.
	 */
	@Test
	void everyProblemCodeIsDescribed() {
		Set<String> codes = Arrays.stream(ProblemCode.values())
			.map(ProblemCode::code)
			.filter((code) -> !code.endsWith("-grant") && !code.equals("unsupported-grant-type"))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(this.description.valuesOf("Code")).isEqualTo(codes);
	}

	private static Set<String> served() {
		ClassPathScanningCandidateComponentProvider controllers = new ClassPathScanningCandidateComponentProvider(
				false);
		controllers.addIncludeFilter(new AnnotationTypeFilter(RestController.class));
		return Stream.of("account", "audit", "staff")
			.map((name) -> controllers.findCandidateComponents("com.deliveryservice.authgateway." + name))
			.flatMap(Set::stream)
			.map(BeanDefinition::getBeanClassName)
			.map((name) -> ClassUtils.resolveClassName(String.valueOf(name), null))
			.flatMap((type) -> Arrays.stream(type.getDeclaredMethods()))
			.map((method) -> AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class))
			.filter((mapping) -> mapping != null)
			.map((mapping) -> operation(mapping.method()[0], mapping.path()[0]))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static String operation(RequestMethod method, String path) {
		return OpenApi.operation(method.name(), path);
	}

}
