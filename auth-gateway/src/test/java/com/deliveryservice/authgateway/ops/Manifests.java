package com.deliveryservice.authgateway.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The manifests under {@code k8s/}, base or overlay, as Kustomize would put them
 * together: each in its typed model, in which an unknown field is a failure.
 */
final class Manifests {

	static final Path ROOT = Path.of("..", "k8s");

	static final String KUSTOMIZATION = "kustomization.yaml";

	private static final Map<String, Class<?>> MODELS = Map.of("apps/v1/Deployment", V1Deployment.class, "v1/Service",
			V1Service.class, "v1/ConfigMap", V1ConfigMap.class, "v1/ServiceAccount", V1ServiceAccount.class,
			"networking.k8s.io/v1/Ingress", V1Ingress.class, "networking.k8s.io/v1/NetworkPolicy",
			V1NetworkPolicy.class, "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget.class,
			"autoscaling/v2/HorizontalPodAutoscaler", V2HorizontalPodAutoscaler.class);

	private final List<JsonObject> documents;

	private Manifests(List<JsonObject> documents) {
		this.documents = documents;
	}

	/**
	 * Puts the resources and patches of a kustomization together.
	 * @param directory where its {@code kustomization.yaml} is
	 */
	static Manifests of(Path directory) {
		JsonObject kustomization = read(directory.resolve(KUSTOMIZATION)).get(0);
		List<JsonObject> documents = new ArrayList<>();
		for (String resource : strings(kustomization, "resources")) {
			Path path = directory.resolve(resource).normalize();
			documents.addAll(Files.isDirectory(path) ? of(path).documents : read(path));
		}
		Manifests manifests = new Manifests(documents);
		for (JsonElement patch : array(kustomization, "patches")) {
			JsonObject target = patch.getAsJsonObject().getAsJsonObject("target");
			JsonObject patched = manifests.find(target.get("kind").getAsString(), target.get("name").getAsString());
			JsonArray operations = parse(patch.getAsJsonObject().get("patch").getAsString()).get(0).getAsJsonArray();
			operations.forEach((operation) -> new JsonPatch(operation.getAsJsonObject()).applyTo(patched));
		}
		return manifests;
	}

	/** Every manifest in its typed model. */
	List<Object> typed() {
		return this.documents.stream().map(Manifests::typed).toList();
	}

	/**
	 * A part of a manifest.
	 * @param manifest kind and name, such as {@code Service/auth-gateway}
	 * @param pointer as RFC 6901 says
	 */
	JsonElement at(String manifest, String pointer) {
		List<String> name = keys(manifest);
		return JsonPatch.find(find(name.get(0), name.get(1)), keys(pointer.substring(1)));
	}

	/** A part of a manifest that is text, a number or a boolean. */
	String text(String manifest, String pointer) {
		return at(manifest, pointer).getAsString();
	}

	/** A part of a manifest that is a map of texts, such as labels. */
	Map<String, String> map(String manifest, String pointer) {
		Map<String, String> map = new LinkedHashMap<>();
		at(manifest, pointer).getAsJsonObject()
			.entrySet()
			.forEach((entry) -> map.put(entry.getKey(), entry.getValue().getAsString()));
		return map;
	}

	/** Every YAML file below the directory of all manifests. */
	static List<Path> files() {
		try (Stream<Path> files = Files.walk(ROOT)) {
			return files.filter((file) -> file.toString().matches(".*\\.ya?ml")).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static List<JsonObject> read(Path file) {
		try {
			return parse(Files.readString(file)).stream().map(JsonElement::getAsJsonObject).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static List<String> strings(JsonObject object, String name) {
		return StreamSupport.stream(array(object, name).spliterator(), false).map(JsonElement::getAsString).toList();
	}

	static Object typed(JsonObject document) {
		String kind = document.get("apiVersion").getAsString() + "/" + document.get("kind").getAsString();
		Class<?> model = MODELS.get(kind);
		if (model == null) {
			throw new IllegalArgumentException("no model for " + kind);
		}
		return JSON.deserialize(document.toString(), model);
	}

	static List<String> keys(String path) {
		return List.of(path.split("/", -1));
	}

	private JsonObject find(String kind, String name) {
		List<JsonObject> found = this.documents.stream()
			.filter((document) -> document.get("kind").getAsString().equals(kind)
					&& document.getAsJsonObject("metadata").get("name").getAsString().equals(name))
			.toList();
		if (found.size() != 1) {
			throw new IllegalArgumentException(found.size() + " of " + kind + "/" + name);
		}
		return found.get(0);
	}

	private static JsonArray array(JsonObject object, String name) {
		return object.has(name) ? object.getAsJsonArray(name) : new JsonArray();
	}

	private static List<JsonElement> parse(String yaml) {
		LoaderOptions options = new LoaderOptions();
		options.setAllowDuplicateKeys(false);
		Iterable<Object> documents = new Yaml(new SafeConstructor(options)).loadAll(yaml);
		return StreamSupport.stream(documents.spliterator(), false).map(new Gson()::toJsonTree).toList();
	}

	/**
	 * One operation of RFC 6902; its path has to exist.
	 *
	 * @param operation add, replace or remove
	 */
	private record JsonPatch(JsonObject operation) {

		void applyTo(JsonObject document) {
			List<String> path = keys(this.operation.get("path").getAsString().substring(1));
			JsonElement parent = find(document, path.subList(0, path.size() - 1));
			change(parent, path.get(path.size() - 1));
		}

		static JsonElement find(JsonElement document, List<String> path) {
			JsonElement found = document;
			for (String key : path) {
				found = child(found, key);
			}
			return found;
		}

		private void change(JsonElement parent, String key) {
			String name = this.operation.get("op").getAsString();
			if (!name.equals("add")) {
				child(parent, key);
			}
			if (parent instanceof JsonArray list) {
				changeItem(list, key, name);
			}
			else if (name.equals("remove")) {
				parent.getAsJsonObject().remove(key);
			}
			else {
				parent.getAsJsonObject().add(key, this.operation.get("value"));
			}
		}

		private void changeItem(JsonArray list, String key, String name) {
			switch (name) {
				case "add" -> list.add(this.operation.get("value"));
				case "replace" -> list.set(Integer.parseInt(key), this.operation.get("value"));
				default -> list.remove(Integer.parseInt(key));
			}
		}

		private static JsonElement child(JsonElement parent, String key) {
			JsonElement child = (parent instanceof JsonArray list) ? list.get(Integer.parseInt(key))
					: parent.getAsJsonObject().get(key);
			if (child == null) {
				throw new IllegalArgumentException("there is no " + key + " in " + parent);
			}
			return child;
		}

	}

}
