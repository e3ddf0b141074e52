package com.deliveryservice.authgateway.route;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.identity.UserTypesSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RouteTableTests {

	private static RouteTable table(String... namesAndValues) {
		Map<String, String> properties = new HashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			properties.put("auth-gateway.routes" + namesAndValues[i], namesAndValues[i + 1]);
		}
		Binder binder = new Binder(new MapConfigurationPropertySource(properties));
		return new RouteTable(binder.bindOrCreate("auth-gateway", Bindable.of(RoutesSettings.class)),
				new UserTypes(new UserTypesSettings(null)));
	}

	private static RouteTable two(String first, String firstMethod, String second, String secondMethod) {
		return table("[0].id", "a", "[0].path", first, "[0].upstream", "http://a", "[0].methods", firstMethod, "[1].id",
				"b", "[1].path", second, "[1].upstream", "http://b", "[1].methods", secondMethod);
	}

	@Test
	void theFirstRouteThatMatchesWins() {
		RouteTable routes = two("/api/a/special", "", "/api/a/**", "");
		assertThat(routes.decide("GET", "/api/a/special")).isInstanceOfSatisfying(Decision.Found.class,
				(found) -> assertThat(found.route().id()).isEqualTo("a"));
		assertThat(routes.decide("GET", "/api/a/other")).isInstanceOfSatisfying(Decision.Found.class,
				(found) -> assertThat(found.route().id()).isEqualTo("b"));
		assertThat(routes.decide("GET", "/api/b")).isInstanceOf(Decision.NoRoute.class);
	}

	@Test
	void aPathWhoseRoutesDoNotTakeTheMethodSaysWhichTheyTake() {
		assertThat(two("/a/**", "GET,HEAD", "/a/*", "POST").decide("DELETE", "/a/x"))
			.isEqualTo(new Decision.WrongMethod("GET, HEAD, POST"));
	}

	@ParameterizedTest
	@CsvSource({ "/api/x/**, /api/x", "/api/x/**, /api/x/", "/api/x/**, /api/x/a/b", "/api/{id}/y, /api/7/y",
			"/api/*.json, /api/a.json", "/api/x, /api/x", "/api/x/**, /api/%78/a", "/{*rest}, /a" })
	void aPatternMatchesWhatPathPatternMatches(String pattern, String path) {
		assertThat(RoutePath.parse(pattern).matches(path)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "/api/x/**, /api/xy", "/api/x/**, /api", "/api/x/**, /API/x", "/api/{id}/y, /api/7/z",
			"/api/x, /api/x/", "/api/x/**, /api/%58/a" })
	void aPatternMatchesNothingElse(String pattern, String path) {
		assertThat(RoutePath.parse(pattern).matches(path)).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "/a/**, '', /a/b, ''", "/a/**, '', /a/**, GET", "/a/*, '', /a/b, ''", "/a/{x}, '', /a/{y}, ''",
			"/a/**, GET, /a/b, GET", "/{*x}, '', /a/b, ''", "/a/*/c, '', /a/b/c, ''", "/a/**, 'GET,POST', /a/b, POST" })
	void aRouteThatCanNeverMatchStopsTheStart(String first, String firstMethod, String second, String secondMethod) {
		assertThatIllegalArgumentException().isThrownBy(() -> two(first, firstMethod, second, secondMethod))
			.withMessageStartingWith("auth-gateway.routes[")
			.withMessageContaining("].path: ")
			.withMessageContaining("(expected ");
	}

	@Test
	void severalEarlierRoutesTogetherCanLeaveNothing() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> table("[0].id", "a", "[0].path", "/a/**", "[0].upstream", "http://a", "[0].methods",
					"GET", "[1].id", "b", "[1].path", "/a/**", "[1].upstream", "http://a", "[1].methods", "POST",
					"[2].id", "c", "[2].path", "/a/x", "[2].upstream", "http://a", "[2].methods", "GET,POST"))
			.withMessageStartingWith("auth-gateway.routes[2].path: /a/x ");
	}

	@ParameterizedTest
	@CsvSource({ "/a/b, '', /a/**, ''", "/a/**, GET, /a/b, ''", "/a/*, '', /a/b/c, ''", "/a/*/c, '', /a/*/d, ''",
			"/a/{x:[0-9]+}, '', /a/b, ''" })
	void aRouteThatIsOnlyPartlyCoveredIsFine(String first, String firstMethod, String second, String secondMethod) {
		assertThatCode(() -> two(first, firstMethod, second, secondMethod)).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/**", "/auth", "/auth/**", "/auth/me", "/oauth2/x", "/.well-known/**", "/openapi.yaml",
			"/{x}/**", "/*/sessions", "/{*all}", "/{name}" })
	void aRouteOverTheGatewaysOwnPathsStopsTheStart(String path) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> table("[0].id", "a", "[0].path", path, "[0].upstream", "http://a"))
			.withMessageStartingWith("auth-gateway.routes[0].path: " + path + " (expected ");
	}

	@ParameterizedTest
	@CsvSource({ "id, A", "id, ''", "path, api", "path, /a//b", "path, /{a", "upstream, ftp://a", "upstream, http://",
			"upstream, http://a/x", "upstream, http://a?x", "upstream, http://u@a", "upstream, http://a:99999",
			"upstream, nonsense", "methods, get", "methods, CONNECT", "access.user-types, chef",
			"access.scopes, all:do", "strip-prefix, 3", "strip-prefix, -1", "on-stale-revocation, maybe",
			"timeout.connect, 0s", "timeout.first-byte, -1s", "timeout.idle, 2h", "max-body, -1B", "audience, 'a b'" })
	void aWrongValueIsNamedWithItsPlace(String name, String value) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> table("[0].id", "ok", "[0].path", "/ok", "[0].upstream", "http://ok", "[1].id", "a",
					"[1].path", "/api/a/**", "[1].upstream", "http://a", "[1]." + name, value))
			.withMessageStartingWith("auth-gateway.routes[1]." + name + ": ")
			.withMessageContaining("(expected ");
	}

	@Test
	void anonymousAndUserTypesExcludeEachOther() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> table("[0].id", "a", "[0].path", "/a", "[0].upstream", "http://a", "[0].access.anonymous",
					"true", "[0].access.user-types", "customer"))
			.withMessageStartingWith("auth-gateway.routes[0].access.anonymous: ");
	}

	@Test
	void twoRoutesOfOneNameStopTheStart() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> table("[0].id", "a", "[0].path", "/a", "[0].upstream", "http://a", "[1].id", "a",
					"[1].path", "/b", "[1].upstream", "http://a"))
			.withMessageStartingWith("auth-gateway.routes[1].id: a ");
	}

	@Test
	void leftOutAccessIsNobodys() {
		Route route = table("[0].id", "a", "[0].path", "/a", "[0].upstream", "http://a").routes().get(0);
		assertThat(route.access().anonymous()).isFalse();
		assertThat(route.access().allows("admin", Set.of("orders:read"))).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "0, /a/b/c, /a/b/c, ''", "1, /a/b/c, /b/c, /a", "2, /a/b/c, /c, /a/b", "2, /a/b, /, /a/b",
			"2, /a/b/, /, /a/b", "2, /a/b/%20, /%20, /a/b" })
	void stripPrefixRemovesWholeSegments(int segments, String path, String stripped, String prefix) {
		Route route = table("[0].id", "a", "[0].path", "/a/b/**", "[0].upstream", "http://a", "[0].strip-prefix",
				String.valueOf(segments))
			.routes()
			.get(0);
		assertThat(route.strip(path)).isEqualTo(stripped);
		assertThat(route.strippedPrefix(path)).isEqualTo(prefix);
	}

}
