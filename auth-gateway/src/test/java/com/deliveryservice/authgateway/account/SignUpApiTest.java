package com.deliveryservice.authgateway.account;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.http.MediaType;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.BodyContentSpec;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

import com.deliveryservice.authgateway.audit.AuditFixture;
import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.directory.Callbacks;
import com.deliveryservice.authgateway.directory.DirectorySettings;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.identity.UserTypesSettings;
import com.deliveryservice.authgateway.key.DerivedKeys;
import com.deliveryservice.authgateway.key.KeySettings;
import com.deliveryservice.authgateway.key.Randomness;
import com.deliveryservice.authgateway.password.PepperSettings;
import com.deliveryservice.authgateway.password.Peppers;
import com.deliveryservice.authgateway.protection.CodeThrottle;
import com.deliveryservice.authgateway.protection.ProtectionFixture;
import com.deliveryservice.authgateway.protection.SignInThrottle;
import com.deliveryservice.authgateway.protection.SignInsUnderWay;
import com.deliveryservice.authgateway.protection.SignUpLimitSettings;
import com.deliveryservice.authgateway.protection.SignUpLimits;
import com.deliveryservice.authgateway.protection.WindowCounts;
import com.deliveryservice.authgateway.token.AccessTokens;

import reactor.core.publisher.Mono;

import static org.mockito.Mockito.mock;

/**
 * The sign-up as it is served, over a real database and a workflow-auth that calls back.
 */
@SpringBootTest(classes = SignUpApiTest.Lane.class, webEnvironment = SpringBootTest.WebEnvironment.MOCK, properties = {
		"auth-gateway.protection.sign-up.per-address-and-hour=100000", "auth-gateway.directory.hashing.queue=500",
		"auth-gateway.directory.hashing.max-wait=20s", "auth-gateway.workflow-auth.base-url=http://localhost:1",
		"spring.r2dbc.url=r2dbc:postgresql://localhost:1/none", "spring.r2dbc.username=nobody",
		"spring.r2dbc.password=none", "auth-gateway.keys.encryption-key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" })
abstract class SignUpApiTest {

	static final Duration SOON = Duration.ofSeconds(20);

	static final String PASSWORD = "correct horse battery";

	static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private static final AtomicInteger PEOPLE = new AtomicInteger();

	@MockitoBean
	AccessTokens accessTokens;

	@Autowired
	ScriptedWorkflowAuth workflowAuth;

	@Autowired
	ScriptedNotifier notifier;

	@Autowired
	BeanFactory beans;

	WebTestClient client;

	@Autowired
	void bind(ApplicationContext context) {
		this.client = WebTestClient.bindToApplicationContext(context)
			.configureClient()
			.filter(OpenApi.read())
			.responseTimeout(SOON)
			.build();
	}

	@BeforeEach
	void workflowAuthBehaves() {
		this.workflowAuth.behave();
		this.notifier.configured(false);
	}

	/** A login that nobody has. */
	static String someone() {
		return "someone" + PEOPLE.incrementAndGet();
	}

	static String body(String login) {
		return body(login, login + "@example.org");
	}

	static String body(String login, String email) {
		return """
				{"login":"%s","email":"%s","password":"%s"}""".formatted(login, email, PASSWORD);
	}

	ResponseSpec signUp(String body) {
		return this.client.post()
			.uri("/auth/sign-up")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.exchange();
	}

	/** The id of a sign-up that was accepted. */
	UUID signedUp(String body) {
		byte[] answer = signUp(body).expectStatus().isAccepted().expectBody().returnResult().getResponseBody();
		String json = new String((answer != null) ? answer : new byte[0], java.nio.charset.StandardCharsets.UTF_8);
		return UUID.fromString(json.replaceAll(".*\"sign_up_id\":\"([^\"]+)\".*", "$1"));
	}

	ResponseSpec verify(UUID id, String code) {
		return this.client.post()
			.uri("/auth/sign-up/{id}/verification", id)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue("{\"code\":\"" + code + "\"}")
			.exchange();
	}

	boolean canSignIn(String login) {
		return canSignIn(login, PASSWORD);
	}

	boolean canSignIn(String login, String password) {
		return Callbacks.of(this.beans).verifyUserCredentials(login, password).blockOptional(SOON).isPresent();
	}

	static BodyContentSpec expectProblem(ResponseSpec answer, int status, String code) {
		return answer.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectHeader()
			.valueEquals("X-Gateway-Error", code)
			.expectBody()
			.jsonPath("$.code")
			.isEqualTo(code);
	}

	static void expectClosed(ResponseSpec answer, String reason) {
		expectProblem(answer, 410, "sign-up-closed").jsonPath("$.reason").isEqualTo(reason);
	}

	/** Not annotated as a configuration: other tests' contexts would scan it. */
	@ImportAutoConfiguration({ JacksonAutoConfiguration.class, CodecsAutoConfiguration.class,
			WebFluxAutoConfiguration.class, HttpHandlerAutoConfiguration.class, ErrorWebFluxAutoConfiguration.class,
			ReactiveWebSecurityAutoConfiguration.class })
	@ComponentScan(
			basePackages = { "com.deliveryservice.authgateway.api", "com.deliveryservice.authgateway.problem",
					"com.deliveryservice.authgateway.directory" },
			excludeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*Test.*"))
	@Import({ SignUpController.class, SignUp.class, SignUpVerification.class, SignUpAdmission.class, SignUpCodes.class,
			SignUpNotices.class, PasswordRule.class, SignUpLimits.class, WindowCounts.class, RefusalNotes.class,
			Randomness.class })
	@EnableConfigurationProperties({ SignUpSettings.class, SignUpLimitSettings.class, DirectorySettings.class })
	static class Lane {

		@Bean
		Database database() {
			return DATABASE.database();
		}

		@Bean
		AuditFixture auditFixture() {
			return new AuditFixture(DATABASE);
		}

		@Bean
		AuditTrail auditTrail(AuditFixture audit) {
			return audit.trail();
		}

		@Bean
		DerivedKeys derivedKeys() {
			return new DerivedKeys(new KeySettings("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", null,
					Duration.ofDays(30), Duration.ofHours(24)));
		}

		@Bean
		Peppers peppers() {
			return new Peppers(new PepperSettings(null, List.of()));
		}

		@Bean
		UserTypes userTypes() {
			return new UserTypes(new UserTypesSettings(Map.of()));
		}

		@Bean
		Clock clock() {
			return Clock.systemUTC();
		}

		@Bean
		ScriptedNotifier notifier() {
			return new ScriptedNotifier();
		}

		/** These requests come from no address. */
		@Bean
		@Primary
		CodeThrottle codeThrottle() {
			return mock(CodeThrottle.class, (call) -> Mono.empty());
		}

		@Bean
		SignInThrottle signInThrottle() {
			return ProtectionFixture.throttle(DATABASE.database());
		}

		@Bean
		SignInsUnderWay signInsUnderWay() {
			return ProtectionFixture.underWay(DATABASE.database());
		}

		@Bean
		MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

		@Bean
		ScriptedWorkflowAuth workflowAuth(BeanFactory beans) {
			return new ScriptedWorkflowAuth(() -> Callbacks.of(beans));
		}

	}

}
