package com.deliveryservice.authgateway.account;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.util.pattern.PathPatternParser;
import org.yaml.snakeyaml.Yaml;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The description that is served at {@code /openapi.yaml}, as a judge: used as a client
 * filter it fails every exchange whose answer is not described, in status, media type,
 * headers or body.
 */
final class OpenApi implements ExchangeFilterFunction {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	/** Names the document for its own references; nothing is fetched. */
	private static final String ROOT = "https://auth-gateway.example/openapi.json";

	private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

	/** Threads of its own: a test that blocks the shared ones waits for its judgement. */
	private static final Scheduler JUDGES = Schedulers.newBoundedElastic(2, Integer.MAX_VALUE, "openapi", 10, true);

	private final JsonNode document;

	private final SchemaRegistry schemas;

	private OpenApi(JsonNode document) {
		this.document = document;
		this.schemas = SchemaRegistry.withDialect(Dialects.getDraft202012(),
				(registry) -> registry.schemas(Map.of(ROOT, document.toString())));
	}

	/**
	 * Reads the description from the class path, where the application has it from.
	 */
	static OpenApi read() {
		try (InputStream yaml = new ClassPathResource("openapi.yaml").getInputStream()) {
			Map<String, Object> document = new Yaml().load(yaml);
			return new OpenApi(JSON.valueToTree(document));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * All operations as {@code GET /path/{}}.
	 */
	Set<String> operations() {
		Set<String> operations = new TreeSet<>();
		this.document.path("paths")
			.properties()
			.forEach((path) -> path.getValue()
				.propertyNames()
				.stream()
				.filter(METHODS::contains)
				.forEach((method) -> operations.add(operation(method, path.getKey()))));
		return operations;
	}

	static String operation(String method, String path) {
		return method.toUpperCase(Locale.ROOT) + " " + path.replaceAll("\\{[^}]*}", "{}");
	}

	/**
	 * The values of a schema's {@code enum}.
	 */
	Set<String> valuesOf(String schema) {
		Set<String> values = new TreeSet<>();
		this.document.path("components")
			.path("schemas")
			.path(schema)
			.path("enum")
			.forEach((value) -> values.add(value.asString()));
		return values;
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return next.exchange(request)
			.flatMap((response) -> response.bodyToMono(byte[].class)
				.defaultIfEmpty(new byte[0])
				.publishOn(JUDGES)
				.map((body) -> judged(request, response, body)));
	}

	private ClientResponse judged(ClientRequest request, ClientResponse response, byte[] body) {
		List<String> faults = new ArrayList<>();
		String path = documentedPath(request.url().getRawPath());
		String method = request.method().name().toLowerCase(Locale.ROOT);
		if (path != null && this.document.path("paths").path(path).has(method)) {
			String responses = "/paths/" + escape(path) + "/" + method + "/responses/";
			judge(at(responses), responses, response, body, faults);
		}
		if (!faults.isEmpty()) {
			throw new AssertionError(request.method() + " " + request.url() + " " + response.statusCode()
					+ " is not as described: " + faults);
		}
		Flux<DataBuffer> again = (body.length == 0) ? Flux.empty()
				: Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body));
		return response.mutate().body(again).build();
	}

	private void judge(JsonNode responses, String pointer, ClientResponse response, byte[] body, List<String> faults) {
		String status = String.valueOf(response.statusCode().value());
		if (!responses.has(status) && (response.statusCode().is2xxSuccessful() || !responses.has("default"))) {
			faults.add("no such status");
			return;
		}
		String described = followed(pointer + (responses.has(status) ? status : "default"));
		judgeHeaders(at(described).path("headers"), response.headers().asHttpHeaders(), faults);
		JsonNode content = at(described).path("content");
		MediaType type = response.headers().contentType().orElse(null);
		if (content.isMissingNode() || content.isEmpty()) {
			if (body.length > 0) {
				faults.add("a body, where none is described");
			}
			return;
		}
		String name = (type != null) ? type.getType() + "/" + type.getSubtype() : "none";
		if (!content.has(name)) {
			faults.add("media type " + name);
		}
		else if (content.path(name).has("schema")) {
			judgeBody(described + "/content/" + escape(name) + "/schema", body, faults);
		}
	}

	private void judgeHeaders(JsonNode described, HttpHeaders headers, List<String> faults) {
		for (Map.Entry<String, JsonNode> entry : described.properties()) {
			JsonNode header = entry.getValue().has("$ref") ? at(entry.getValue().path("$ref").asString().substring(1))
					: entry.getValue();
			String value = headers.getFirst(entry.getKey());
			if (value == null && header.path("required").asBoolean(false)) {
				faults.add(entry.getKey() + " is missing");
			}
			else if (value != null && header.path("schema").has("pattern")
					&& !value.matches(header.path("schema").path("pattern").asString())) {
				faults.add(entry.getKey() + ": " + value);
			}
		}
	}

	private void judgeBody(String pointer, byte[] body, List<String> faults) {
		Schema schema = this.schemas.getSchema(SchemaLocation.of(ROOT + "#" + pointer));
		List<Error> errors = schema.validate(JSON.readTree(body),
				(context) -> context.executionConfig((config) -> config.formatAssertionsEnabled(true)));
		errors.forEach((error) -> faults.add(error.toString()));
	}

	private @Nullable String documentedPath(String path) {
		for (String template : this.document.path("paths").propertyNames()) {
			if (PathPatternParser.defaultInstance.parse(template).matches(PathContainer.parsePath(path))) {
				return template;
			}
		}
		return null;
	}

	private String followed(String pointer) {
		JsonNode node = at(pointer);
		return node.has("$ref") ? node.path("$ref").asString().substring(1) : pointer;
	}

	private JsonNode at(String pointer) {
		String clean = pointer.endsWith("/") ? pointer.substring(0, pointer.length() - 1) : pointer;
		return this.document.at(clean);
	}

	private static String escape(String token) {
		return token.replace("~", "~0").replace("/", "~1");
	}

}
