package com.deliveryservice.authgateway.ops;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The manifests fit Kubernetes and the application: nothing is rendered by hand, every
 * name is the application's own.
 */
class ManifestTests {

	private static final String DEPLOYMENT = "Deployment/auth-gateway";

	private static final String POD = "/spec/template/spec/";

	private static final String CONTAINER = POD + "containers/0/";

	private static final Path BASE = Manifests.ROOT.resolve("base");

	private static final Path PRODUCTION = Manifests.ROOT.resolve("overlays/production");

	private final Manifests base = Manifests.of(BASE);

	@ParameterizedTest
	@ValueSource(strings = { "base", "overlays/production" })
	void everyManifestIsOfItsTypeAndHasNoUnknownField(String directory) {
		assertThat(Manifests.of(Manifests.ROOT.resolve(directory)).typed()).isNotEmpty().doesNotContainNull();
	}

	@Test
	void anUnknownFieldWouldBeSeen() {
		JsonObject service = Manifests.read(BASE.resolve("service-edge.yaml")).get(0);
		service.getAsJsonObject("spec").addProperty("tipe", "ClusterIP");
		assertThatIllegalArgumentException().isThrownBy(() -> Manifests.typed(service)).withMessageContaining("tipe");
	}

	@Test
	void everyFileIsPartOfAKustomization() {
		Set<Path> referenced = new HashSet<>();
		for (Path directory : List.of(BASE, PRODUCTION)) {
			JsonObject kustomization = Manifests.read(directory.resolve(Manifests.KUSTOMIZATION)).get(0);
			assertThat(kustomization.keySet()).isSubsetOf("apiVersion", "kind", "namespace", "labels", "resources",
					"images", "patches");
			Manifests.strings(kustomization, "resources")
				.forEach((resource) -> referenced.add(directory.resolve(resource).normalize()));
		}
		assertThat(referenced).allMatch(Files::exists);
		assertThat(Manifests.files().stream().filter((file) -> !file.endsWith(Manifests.KUSTOMIZATION)))
			.allMatch((file) -> referenced.contains(file.normalize()));
	}

	@Test
	void thePortsAreThoseOfTheApplication() throws IOException {
		StandardEnvironment settings = environment(this.base);
		assertThat(this.base.at(DEPLOYMENT, CONTAINER + "ports").getAsJsonArray()).hasSize(2);
		assertThat(text(CONTAINER + "ports/0/name")).isEqualTo("edge");
		assertThat(text(CONTAINER + "ports/0/containerPort")).isEqualTo(settings.getProperty("server.port"));
		assertThat(text(CONTAINER + "ports/1/name")).isEqualTo("internal");
		assertThat(text(CONTAINER + "ports/1/containerPort")).isEqualTo(settings.getProperty(InternalSettings.PORT));
	}

	@ParameterizedTest
	@CsvSource({ "startupProbe, /actuator/health/liveness", "livenessProbe, /actuator/health/liveness",
			"readinessProbe, /actuator/health/readiness" })
	void theProbesAskTheInternalListenerForWhatItServes(String probe, String path) {
		assertThat(text(CONTAINER + probe + "/httpGet/port")).isEqualTo("internal");
		assertThat(text(CONTAINER + probe + "/httpGet/path")).isEqualTo(path);
		assertThat(InternalPaths.isServed(path)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "base", "overlays/production" })
	void theConfigurationIsOneThatTheApplicationStartsWith(String directory) throws IOException {
		assertThat(StartupCheck.problemsOf(environment(Manifests.of(Manifests.ROOT.resolve(directory))))).isEmpty();
	}

	@Test
	void aTypingErrorInTheConfigurationWouldBeSeen() throws IOException {
		StandardEnvironment settings = environment(this.base);
		settings.getPropertySources()
			.addLast(yaml("auth-gateway: { internal: { prot: 1 }, routes: [ { id: a, upstrem: b } ] }"));
		assertThat(StartupCheck.problemsOf(settings)).contains("auth-gateway.internal.prot: unknown property");
	}

	@Test
	void everyVariableIsReadByTheApplication() {
		String configuration = this.base.text("ConfigMap/auth-gateway", "/data/application.yaml");
		assertThat(variables(this.base)).hasSizeGreaterThan(5).allMatch((variable) -> {
			String name = variable.get("name").getAsString();
			return name.matches("(SPRING_R2DBC|AUTHGATEWAY)_[A-Z0-9_]+") || configuration.contains("${" + name + "}");
		});
	}

	@Test
	void everySecretIsReferredToAndDocumented() throws IOException {
		String operations = Files.readString(Path.of("..", "docs", "operations.md"));
		assertThat(variables(this.base)).allSatisfy((variable) -> {
			JsonObject secret = variable.getAsJsonObject("valueFrom").getAsJsonObject("secretKeyRef");
			assertThat(operations).contains("`" + secret.get("name").getAsString() + "`",
					"`" + secret.get("key").getAsString() + "`");
		});
		assertThat(Manifests.files().stream().flatMap((file) -> Manifests.read(file).stream()))
			.noneMatch((document) -> document.get("kind").getAsString().equals("Secret"));
	}

	@Test
	void theServicesPointToTheListenersAndTheIngressToTheEdgeAlone() {
		assertThat(this.base.text("Service/auth-gateway", "/spec/ports/0/targetPort")).isEqualTo("edge");
		assertThat(this.base.text("Service/auth-gateway-internal", "/spec/ports/0/targetPort")).isEqualTo("internal");
		String ingress = this.base.at("Ingress/auth-gateway", "/spec").toString();
		assertThat(ingress).contains("\"service\":{\"name\":\"auth-gateway\",").doesNotContain("auth-gateway-internal");
	}

	@Test
	void onlyNamedPeersGetInAndOut() {
		assertThat(this.base.at("NetworkPolicy/auth-gateway", "/spec/policyTypes"))
			.hasToString("[\"Ingress\",\"Egress\"]");
		assertThat(this.base.at("NetworkPolicy/auth-gateway", "/spec/ingress").getAsJsonArray())
			.allMatch((rule) -> rule.getAsJsonObject().has("from") && rule.getAsJsonObject().has("ports"));
		assertThat(this.base.at("NetworkPolicy/auth-gateway", "/spec/egress").getAsJsonArray())
			.allMatch((rule) -> rule.getAsJsonObject().has("to") && rule.getAsJsonObject().has("ports"));
		assertThat(this.base.text("NetworkPolicy/auth-gateway", "/spec/ingress/0/ports/0/port")).isEqualTo("edge");
		assertThat(this.base.text("NetworkPolicy/auth-gateway", "/spec/ingress/1/ports/0/port")).isEqualTo("internal");
	}

	@Test
	void everythingSelectsThePodsOfTheDeployment() {
		Map<String, String> labels = this.base.map(DEPLOYMENT, "/spec/template/metadata/labels");
		assertThat(labels).containsAllEntriesOf(this.base.map(DEPLOYMENT, "/spec/selector/matchLabels"))
			.containsAllEntriesOf(this.base.map("Service/auth-gateway", "/spec/selector"))
			.containsAllEntriesOf(this.base.map("Service/auth-gateway-internal", "/spec/selector"))
			.containsAllEntriesOf(this.base.map("NetworkPolicy/auth-gateway", "/spec/podSelector/matchLabels"))
			.containsAllEntriesOf(this.base.map("PodDisruptionBudget/auth-gateway", "/spec/selector/matchLabels"));
	}

	@ParameterizedTest
	@CsvSource({ POD + "automountServiceAccountToken, false", POD + "enableServiceLinks, false",
			POD + "serviceAccountName, auth-gateway", POD + "securityContext/runAsNonRoot, true",
			POD + "securityContext/seccompProfile/type, RuntimeDefault",
			CONTAINER + "securityContext/readOnlyRootFilesystem, true",
			CONTAINER + "securityContext/allowPrivilegeEscalation, false",
			CONTAINER + "securityContext/capabilities/drop/0, ALL", POD + "volumes/0/configMap/name, auth-gateway",
			CONTAINER + "volumeMounts/0/mountPath, /app/config" })
	void thePodMayDoAsLittleAsPossible(String pointer, String value) {
		assertThat(text(pointer)).isEqualTo(value);
	}

	@Test
	void theUserIsThatOfTheImageAndTheConfigurationIsWhereItLooks() throws IOException {
		String dockerfile = Files.readString(Path.of("..", "Dockerfile"));
		assertThat(dockerfile).contains("USER " + text(POD + "securityContext/runAsUser") + ":", "WORKDIR /app\n");
	}

	@Test
	void thereIsTimeToDrain() throws IOException {
		Duration phase = DurationStyle
			.detectAndParse(environment(this.base).getRequiredProperty("spring.lifecycle.timeout-per-shutdown-phase"));
		long before = Long.parseLong(text(CONTAINER + "lifecycle/preStop/sleep/seconds"));
		assertThat(Long.parseLong(text(POD + "terminationGracePeriodSeconds")))
			.isGreaterThan(before + phase.toSeconds() + InternalListener.DRAIN.toSeconds());
	}

	@Test
	void theAutoscalerOfProductionDecidesHowMany() {
		Manifests production = Manifests.of(PRODUCTION);
		assertThat(production.text("HorizontalPodAutoscaler/auth-gateway", "/spec/scaleTargetRef/name"))
			.isEqualTo("auth-gateway");
		assertThat(production.at(DEPLOYMENT, "/spec").getAsJsonObject().has("replicas")).isFalse();
	}

	@Test
	void imagesArePinned() throws IOException {
		assertThat(text(CONTAINER + "image")).matches("auth-gateway:\\d+\\.\\d+\\.\\d+");
		assertThat(Files.readAllLines(Path.of("..", "Dockerfile"))).filteredOn((line) -> line.startsWith("FROM "))
			.hasSize(2)
			.allMatch((line) -> line.matches("FROM [a-z/-]+:\\d+\\.\\d+\\.\\d+_\\d+-(jdk|jre)-[a-z]+( AS [a-z]+)?"));
		String production = Files.readString(PRODUCTION.resolve(Manifests.KUSTOMIZATION));
		assertThat(production).containsPattern("(?s)images:\\s+- name: auth-gateway\\s.*newTag: \\d+\\.\\d+\\.\\d+\\s");
	}

	private String text(String pointer) {
		return this.base.text(DEPLOYMENT, pointer);
	}

	private static List<JsonObject> variables(Manifests manifests) {
		return manifests.at(DEPLOYMENT, CONTAINER + "env")
			.getAsJsonArray()
			.asList()
			.stream()
			.map(JsonElement::getAsJsonObject)
			.toList();
	}

	/** What the application would see: variables, the mounted file, its own defaults. */
	private static StandardEnvironment environment(Manifests manifests) throws IOException {
		Map<String, Object> variables = new HashMap<>();
		for (JsonObject variable : variables(manifests)) {
			String name = variable.get("name").getAsString();
			String secret = (name.contains("ENCRYPTIONKEY") || name.contains("PEPPER"))
					? "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" : "secret-of-" + name;
			variables.put(name, variable.has("value") ? variable.get("value").getAsString() : secret);
		}
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace("systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment", variables));
		environment.getPropertySources()
			.addLast(yaml(manifests.text("ConfigMap/auth-gateway", "/data/application.yaml")));
		new YamlPropertySourceLoader().load("defaults", new ClassPathResource("application.yaml"))
			.forEach(environment.getPropertySources()::addLast);
		return environment;
	}

	private static PropertySource<?> yaml(String text) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		return new YamlPropertySourceLoader().load("yaml" + text.hashCode(), new ByteArrayResource(bytes)).get(0);
	}

}
