package com.deliveryservice.authgateway.api;

import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * What the API lane takes for JSON: one value of a name, strings that are strings, a few
 * levels. Unknown members are skipped.
 */
@Configuration(proxyBeanMethods = false)
class ApiJson {

	private static final int DEPTH = 16;

	private static final int NUMBER = 40;

	private static final int NAME = 200;

	@Bean
	JsonFactoryBuilderCustomizer strictJsonParsing() {
		return (factory) -> factory.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxNestingDepth(DEPTH)
				.maxNumberLength(NUMBER)
				.maxNameLength(NAME)
				.maxStringLength(BodyLimit.BYTES)
				.build());
	}

	@Bean
	JsonMapperBuilderCustomizer strictJsonBinding() {
		return (mapper) -> mapper.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
			.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
			.addModule(new SimpleModule("strict-text").addDeserializer(String.class, new StrictText()));
	}

	/**
	 * After Spring Boot's own (order 0), which registers the decoder that this replaces.
	 */
	@Bean
	@Order(1)
	CodecCustomizer strictJsonDecoder(JsonMapper mapper) {
		return (codecs) -> codecs.defaultCodecs().jacksonJsonDecoder(new StrictJsonDecoder(mapper));
	}

}
