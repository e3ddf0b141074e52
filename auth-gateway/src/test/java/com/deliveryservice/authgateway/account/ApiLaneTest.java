package com.deliveryservice.authgateway.account;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.directory.PasswordHashing;
import com.deliveryservice.authgateway.directory.Passwords;
import com.deliveryservice.authgateway.directory.User;
import com.deliveryservice.authgateway.directory.Users;
import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.identity.UserTypesSettings;
import com.deliveryservice.authgateway.key.PublicKeys;
import com.deliveryservice.authgateway.protection.DeviceTokens;
import com.deliveryservice.authgateway.protection.RefreshLimit;
import com.deliveryservice.authgateway.protection.SignInThrottle;
import com.deliveryservice.authgateway.protection.SignInsUnderWay;
import com.deliveryservice.authgateway.session.OpenSession;
import com.deliveryservice.authgateway.session.RefreshToken;
import com.deliveryservice.authgateway.session.Session;
import com.deliveryservice.authgateway.session.Sessions;
import com.deliveryservice.authgateway.token.AccessToken;
import com.deliveryservice.authgateway.token.AccessTokens;
import com.deliveryservice.authgateway.token.InvalidTokenException;
import com.deliveryservice.authgateway.token.IssuerSettings;
import com.deliveryservice.authgateway.workflowauth.SessionToken;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuth;
import org.junit.jupiter.api.BeforeEach;
import org.mockito.invocation.InvocationOnMock;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
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
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.reactive.server.WebTestClient;

import reactor.core.publisher.Mono;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;

/**
 * The API lane as it is served, its filters and handlers included, over stand-ins of what
 * it calls. They let Anna sign in; a test makes them do something else.
 */
@SpringBootTest(classes = ApiLaneTest.Lane.class, webEnvironment = SpringBootTest.WebEnvironment.MOCK,
		properties = { "auth-gateway.workflow-auth.base-url=http://localhost:1",
				"spring.r2dbc.url=r2dbc:postgresql://localhost:1/none", "spring.r2dbc.username=nobody",
				"spring.r2dbc.password=none",
				"auth-gateway.keys.encryption-key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" })
abstract class ApiLaneTest {

	static final UUID ANNA = UUID.fromString("0a000000-0000-4000-8000-000000000001");

	static final UUID SESSION = UUID.fromString("0a000000-0000-4000-8000-0000000000ff");

	static final UUID TOKEN_GUID = UUID.fromString("0a000000-0000-4000-8000-00000000aaaa");

	static final String ANNAS_TOKEN = "annas.access.token";

	static final Instant NOW = Instant.parse("2026-11-23T04:05:06Z");

	static final String SIGN_IN = "{\"login\":\"Anna\",\"password\":\"correct horse battery\"}";

	private static final OpenApi DESCRIPTION = OpenApi.read();

	@MockitoBean
	AuditTrail auditTrail;

	@MockitoBean
	WorkflowAuth workflowAuth;

	@MockitoBean
	Users users;

	@MockitoBean
	PasswordHashing hashing;

	@MockitoBean
	Sessions sessions;

	@MockitoBean
	AccessTokens accessTokens;

	@MockitoBean
	PublicKeys publicKeys;

	@MockitoBean
	Passwords passwords;

	@MockitoBean
	RefreshLimit refreshLimit;

	@MockitoBean
	SignInThrottle throttle;

	@MockitoBean
	SignInsUnderWay underWay;

	@MockitoBean
	DeviceTokens deviceTokens;

	WebTestClient client;

	@Autowired
	void bind(ApplicationContext context) {
		this.client = WebTestClient.bindToApplicationContext(context)
			.configureClient()
			.filter(DESCRIPTION)
			.responseTimeout(Duration.ofSeconds(5))
			.build();
	}

	@BeforeEach
	void annaCanSignIn() {
		given(this.auditTrail.note(any())).willReturn(Mono.empty());
		given(this.auditTrail.append(any(), any())).willReturn(Mono.empty());
		given(this.publicKeys.areLoaded()).willReturn(true);
		given(this.workflowAuth.deadline(any())).willAnswer(ApiLaneTest::first);
		given(this.workflowAuth.verifyUserCredentials(any())).willReturn(Mono.just(ANNA));
		given(this.workflowAuth.getTokenByUserUid(ANNA))
			.willReturn(Mono.just(new SessionToken(TOKEN_GUID, NOW, NOW.plus(Duration.ofHours(5)))));
		given(this.users.find(ANNA)).willReturn(Mono.just(anna(User.Status.ACTIVE)));
		given(this.users.credentialsVersion(any())).willReturn(Mono.just(7));
		given(this.users.signedIn(any())).willReturn(Mono.empty());
		given(this.hashing.hasRoom(anyInt())).willReturn(true);
		given(this.hashing.longestComparison(any())).willReturn(Duration.ZERO);
		given(this.hashing.compute(any()))
			.willAnswer((call) -> Mono.fromSupplier(call.<Supplier<Object>>getArgument(0)));
		given(this.throttle.check(any())).willReturn(Mono.empty());
		given(this.throttle.failed(any())).willReturn(Mono.empty());
		given(this.throttle.succeeded(any())).willReturn(Mono.empty());
		given(this.underWay.expect(any())).willReturn(Mono.empty());
		given(this.underWay.take(any())).willReturn(Mono.just(true));
		given(this.sessions.open(any(), any())).willReturn(Mono.just(openSession()));
		given(this.accessTokens.mint(any())).willReturn(new AccessToken(ANNAS_TOKEN, Duration.ofMinutes(5)));
		given(this.accessTokens.verify(anyString())).willAnswer((call) -> verify(call.getArgument(0)));
		given(this.deviceTokens.issue("anna", SESSION)).willReturn("device-token");
	}

	static User anna(User.Status status) {
		return new User(ANNA, "Anna", "anna@example.org", null, "customer", status, NOW);
	}

	static Caller caller() {
		return new Caller(ANNA, "customer", "orders:read orders:write", Set.of("orders:read", "orders:write"), SESSION,
				NOW.plusSeconds(300), NOW.plus(Duration.ofDays(30)));
	}

	static OpenSession openSession() {
		Session session = new Session(SESSION, ANNA, "customer", "Pixel 9", "192.0.2.1", NOW, NOW,
				NOW.plus(Duration.ofDays(14)), NOW.plus(Duration.ofDays(30)));
		return new OpenSession(session, new RefreshToken("r".repeat(43)), Duration.ofDays(14));
	}

	private static Caller verify(String token) {
		if (!token.equals(ANNAS_TOKEN)) {
			throw new InvalidTokenException("none of ours");
		}
		return caller();
	}

	private static Object first(InvocationOnMock call) {
		return call.getArgument(0);
	}

	/** Not annotated as a configuration: other tests' contexts would scan it. */
	@ImportAutoConfiguration({ JacksonAutoConfiguration.class, CodecsAutoConfiguration.class,
			WebFluxAutoConfiguration.class, HttpHandlerAutoConfiguration.class, ErrorWebFluxAutoConfiguration.class,
			ReactiveWebSecurityAutoConfiguration.class })
	@ComponentScan(
			basePackages = { "com.deliveryservice.authgateway.account", "com.deliveryservice.authgateway.api",
					"com.deliveryservice.authgateway.problem" },
			excludeFilters = { @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.SignUp.*"),
					@ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.PasswordReset.*"),
					@ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*Test.*") })
	static class Lane {

		@Bean
		UserTypes userTypes() {
			return new UserTypes(new UserTypesSettings(null));
		}

		@Bean
		SignUpSettings signUpSettings() {
			return new SignUpSettings(true, Duration.ofMinutes(10), 5, List.of("delivery"));
		}

		@Bean
		IssuerSettings issuer() {
			return new IssuerSettings("https://gw.example");
		}

		@Bean
		Clock clock() {
			return Clock.systemUTC();
		}

	}

}
