package com.deliveryservice.authgateway.ops;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class StartupCheckTests {

	private static final Map<String, String> REQUIRED = Map.of("spring.r2dbc.url", "r2dbc:postgresql://db/delivery",
			"spring.r2dbc.username", "gateway", "spring.r2dbc.password", "secret-of-the-database",
			"auth-gateway.workflow-auth.base-url", "https://workflow-auth:7252", "auth-gateway.keys.encryption-key",
			"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");

	@Test
	void whatIsRequiredIsAsEnoughAsCanBe() {
		assertThat(problems(Map.of())).isEmpty();
	}

	@Test
	void everyMissingPropertyIsNamed() {
		assertThat(StartupCheck.problemsOf(environment(Map.of(), Map.of()))).containsExactlyInAnyOrder(
				"spring.r2dbc.url: missing (expected r2dbc:postgresql://host:port/database)",
				"spring.r2dbc.username: missing (expected the database user)",
				"spring.r2dbc.password: missing (expected the database user's password)",
				"auth-gateway.workflow-auth.base-url: missing (expected an absolute http or https URL without query)",
				"auth-gateway.keys.encryption-key: missing (expected base64 of 32 bytes)");
	}

	@Test
	void aPlaceholderThatNothingFillsIsMissing() {
		assertThat(problems(Map.of("spring.r2dbc.password", "${NO_SUCH_VARIABLE}")))
			.containsExactly("spring.r2dbc.password: missing (expected the database user's password)");
	}

	@Test
	void severalWrongValuesAreSaidAtOnce() {
		assertThat(problems(Map.of("auth-gateway.internal.port", "abc", "auth-gateway.internal.clients[0].id", "a:b",
				"auth-gateway.internal.clients[0].secret", "0123456789abcdef", "auth-gateway.internal.clients[0].roles",
				"operate", "auth-gateway.user-types.courier.session.idle", "soon")))
			.containsExactlyInAnyOrder("auth-gateway.internal.port: abc (expected a whole number)",
					"auth-gateway.internal.clients[0].id: a:b (expected 1 to 64 letters, digits and . _ -)",
					"auth-gateway.user-types.courier.session.idle: soon (expected a duration such as 5m)");
	}

	@Test
	void twoWrongValuesOfOneRecordAreBothSaid() {
		assertThat(problems(Map.of("auth-gateway.internal.port", "70000", "auth-gateway.internal.clients[0].id", "a",
				"auth-gateway.internal.clients[0].secret", "0123456789abcdef", "auth-gateway.internal.clients[0].roles",
				"admin")))
			.containsExactlyInAnyOrder("auth-gateway.internal.port: 70000 (expected a port from 1 to 65535, or 0)",
					"auth-gateway.internal.clients[0].roles: admin (expected some of directory, introspect, operate)");
	}

	@Test
	void aTypingErrorIsAnUnknownProperty() {
		assertThat(problems(Map.of("auth-gateway.sesion.refresh-overlap", "5m",
				"auth-gateway.internal.clients[1].secrets", "x", "auth-gateway.internal.prot", "1")))
			.contains("auth-gateway.sesion.refresh-overlap: unknown property",
					"auth-gateway.internal.clients[1].secrets: unknown property",
					"auth-gateway.internal.prot: unknown property");
	}

	@Test
	void aTypingErrorInTheEnvironmentIsToo() {
		assertThat(StartupCheck.problemsOf(environment(REQUIRED, Map.of("AUTHGATEWAY_INTERNAL_PROT", "1"))))
			.containsExactly("authgateway.internal.prot: unknown property");
	}

	@Test
	void everySpellingThatBootTakesIsKnown() {
		Map<String, Object> variables = Map.of("AUTHGATEWAY_INTERNAL_PORT", "0", "AUTHGATEWAY_INTERNAL_CLIENTS_0_ID",
				"a", "AUTHGATEWAY_INTERNAL_CLIENTS_0_SECRET", "0123456789abcdef",
				"AUTHGATEWAY_INTERNAL_CLIENTS_0_ROLES_0", "operate", "AUTHGATEWAY_USERTYPES_COURIER_SESSION_IDLE",
				"6h");
		assertThat(StartupCheck.problemsOf(environment(REQUIRED, variables))).isEmpty();
	}

	@Test
	void theSpellingWithAnUnderscoreForEachDashIsReadToo() {
		Map<String, String> required = new HashMap<>(REQUIRED);
		required.remove("auth-gateway.keys.encryption-key");
		Map<String, Object> variables = Map.of("AUTH_GATEWAY_KEYS_ENCRYPTION_KEY",
				REQUIRED.getOrDefault("auth-gateway.keys.encryption-key", ""));
		assertThat(StartupCheck.problemsOf(environment(required, variables))).isEmpty();
	}

	@Test
	void whatKubernetesTellsAboutServicesIsNotTakenForOurs() {
		assertThat(StartupCheck.problemsOf(environment(REQUIRED,
				Map.of("AUTH_GATEWAY_SERVICE_HOST", "10.0.0.1", "AUTH_GATEWAY_PORT_8080_TCP", "tcp://10.0.0.1:8080"))))
			.isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "auth-gateway.internal.port=8081", "auth-gateway.internal.clients[0].id=a",
			"auth-gateway.internal.clients[0].secret=0123456789abcdef",
			"auth-gateway.internal.clients[0].roles=operate", "auth-gateway.issuer=http://localhost",
			"auth-gateway.trusted-proxies=10.0.0.0/8", "auth-gateway.workflow-auth.connect-timeout=1s",
			"auth-gateway.workflow-auth.timeout=3s", "auth-gateway.workflow-auth.time-zone=UTC",
			"auth-gateway.workflow-auth.username=a", "auth-gateway.workflow-auth.password=b",
			"auth-gateway.directory.enabled=true", "auth-gateway.directory.require-credentials=true",
			"auth-gateway.token.lifetime=5m", "auth-gateway.token.audience=a", "auth-gateway.token.clock-skew=10s",
			"auth-gateway.token.outage-grace=15m",
			"auth-gateway.keys.previous-encryption-key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
			"auth-gateway.keys.rotate-every=30d", "auth-gateway.keys.publish-before=24h",
			"auth-gateway.session.refresh-overlap=10m", "auth-gateway.session.outage-grace=4h",
			"auth-gateway.revocation.poll-every=5s", "auth-gateway.revocation.max-staleness=60s",
			"auth-gateway.user-types.courier.scopes=a", "auth-gateway.user-types.courier.manages=all",
			"auth-gateway.user-types.courier.session.idle=1h", "auth-gateway.user-types.courier.session.absolute=30h",
			"auth-gateway.user-types.courier.session.max=2", "auth-gateway.sign-up.enabled=true",
			"auth-gateway.sign-up.code-lifetime=10m", "auth-gateway.sign-up.code-attempts=5",
			"auth-gateway.notifier.url=http://a", "auth-gateway.notifier.username=a",
			"auth-gateway.notifier.password=b" })
	void everyNameOfTheContractIsKnown(String property) {
		String name = property.substring(0, property.indexOf('='));
		assertThat(problems(Map.of(name, property.substring(name.length() + 1))))
			.doesNotContain(name + ": unknown property");
	}

	@Test
	void aRouteOfTheContractIsKnown() {
		Map<String, String> route = new HashMap<>();
		String prefix = "auth-gateway.routes[0].";
		route.put(prefix + "id", "customer");
		route.put(prefix + "path", "/api/customer/**");
		route.put(prefix + "methods", "GET,POST");
		route.put(prefix + "upstream", "http://customer-backend:8080");
		route.put(prefix + "strip-prefix", "2");
		route.put(prefix + "access.user-types[0]", "customer");
		route.put(prefix + "access.scopes[0]", "orders:read");
		route.put(prefix + "audience", "customer");
		route.put(prefix + "forward-authorization", "false");
		route.put(prefix + "on-stale-revocation", "allow");
		route.put(prefix + "timeout.connect", "1s");
		route.put(prefix + "timeout.first-byte", "15s");
		route.put(prefix + "timeout.idle", "30s");
		route.put(prefix + "websocket", "false");
		route.put(prefix + "allowed-origins", "");
		route.put(prefix + "max-body", "10MB");
		assertThat(problems(route)).isEmpty();
	}

	@Test
	void noSecretIsPrintedWhateverIsWrongWithIt() {
		List<String> problems = problems(Map.of("auth-gateway.keys.encryption-key", "not-base-64-at-all",
				"auth-gateway.internal.clients[0].id", "a", "auth-gateway.internal.clients[0].secret[x]", "hush-hush"));
		assertThat(problems).allSatisfy((line) -> assertThat(line).doesNotContain("not-base-64", "hush"));
	}

	private static List<String> problems(Map<String, String> more) {
		Map<String, String> all = new HashMap<>(REQUIRED);
		all.putAll(more);
		return StartupCheck.problemsOf(environment(all, Map.of()));
	}

	private static StandardEnvironment environment(Map<String, String> properties, Map<String, Object> variables) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace("systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment", variables));
		environment.getPropertySources().addLast(new MapPropertySource("test", new HashMap<>(properties)));
		return environment;
	}

}
