package com.deliveryservice.authgateway.account;

import java.time.Duration;
import java.util.UUID;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.directory.User;
import com.deliveryservice.authgateway.session.EndReason;
import com.deliveryservice.authgateway.session.OpenSession;
import com.deliveryservice.authgateway.session.RefreshResult.Reason;
import com.deliveryservice.authgateway.session.RefreshResult.Refreshed;
import com.deliveryservice.authgateway.session.RefreshResult.Rejected;
import com.deliveryservice.authgateway.session.RefreshResult.RenewalDue;
import com.deliveryservice.authgateway.session.RefreshResult.TooMany;
import com.deliveryservice.authgateway.session.RefreshToken;
import com.deliveryservice.authgateway.session.Session;
import com.deliveryservice.authgateway.token.KeysUnavailableException;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuthUnavailableException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

import reactor.core.publisher.Mono;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.never;

class TokenEndpointTests extends ApiLaneTest {

	private static final RefreshToken OLD = new RefreshToken("o".repeat(43));

	private static final RenewalDue DUE = new RenewalDue(SESSION, ANNA);

	private static final String REFRESH = "grant_type=refresh_token&refresh_token=" + OLD.value();

	@BeforeEach
	void oldTokenIsGood() {
		given(this.sessions.refresh(OLD)).willReturn(Mono.just(new Refreshed(openSession(), false)));
		given(this.sessions.end(OLD, EndReason.REVOKED)).willReturn(Mono.just(true));
		given(this.sessions.end(SESSION, EndReason.REVOKED)).willReturn(Mono.just(true));
	}

	@Test
	void aRefreshGivesTheSameTokenResponseWithANewRefreshToken() {
		post("/oauth2/token", REFRESH).expectStatus()
			.isOk()
			.expectHeader()
			.contentType(MediaType.APPLICATION_JSON)
			.expectHeader()
			.valueEquals(HttpHeaders.CACHE_CONTROL, "no-store")
			.expectHeader()
			.doesNotExist(HttpHeaders.CONNECTION)
			.expectBody()
			.json("""
					{"access_token":"annas.access.token","token_type":"Bearer","expires_in":300,
					 "refresh_token":"rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr","refresh_expires_in":1209600,
					 "scope":"orders:read orders:write","session_id":"0a000000-0000-4000-8000-0000000000ff",
					 "device_token":"device-token",
					 "user":{"id":"0a000000-0000-4000-8000-000000000001","login":"Anna","user_type":"customer"}}""",
					JsonCompareMode.STRICT);
	}

	@ParameterizedTest
	@EnumSource
	void whateverIsWrongWithTheTokenItIsAnInvalidGrant(Reason reason) {
		given(this.sessions.refresh(OLD)).willReturn(Mono.just(new Rejected(reason)));
		expectError(post("/oauth2/token", REFRESH), 400, "invalid_grant");
	}

	@ParameterizedTest
	@CsvSource({ "grant_type=refresh_token&refresh_token=short,invalid_grant",
			"grant_type=refresh_token&refresh_token=%00,invalid_grant",
			"grant_type=refresh_token&refresh_token=annas.access.token,invalid_grant",
			"grant_type=password&username=a&password=b,unsupported_grant_type",
			"grant_type=REFRESH_TOKEN&refresh_token=x,unsupported_grant_type",
			"grant_type=refresh_token,invalid_request", "grant_type=refresh_token&refresh_token=,invalid_request",
			"refresh_token=x,invalid_request", "'',invalid_request",
			"grant_type=refresh_token&refresh_token=x&refresh_token=y,invalid_request",
			"grant_type=refresh_token&grant_type=refresh_token&refresh_token=x,invalid_request",
			"grant_type=refresh_token&refresh_token=%zz,invalid_request" })
	void whatIsNoRefreshIsRefusedInTheWordsOfOAuth(String form, String error) {
		expectError(post("/oauth2/token", form), 400, error);
		then(this.sessions).should(never()).refresh(any());
	}

	@Test
	void aSuspendedUserIsNotRefreshedAndHasNoSessionAnyMore() {
		given(this.users.find(ANNA)).willReturn(Mono.just(anna(User.Status.SUSPENDED)));
		given(this.sessions.end(SESSION, EndReason.SUSPENDED)).willReturn(Mono.just(true));
		expectError(post("/oauth2/token", REFRESH), 400, "invalid_grant");
		then(this.sessions).should().end(SESSION, EndReason.SUSPENDED);
	}

	@Test
	void aSessionOfAUserTypeThatIsNoMoreEnds() {
		OpenSession old = openSession();
		Session astronauts = new Session(SESSION, ANNA, "astronaut", null, "192.0.2.1", NOW, NOW, NOW, NOW);
		given(this.sessions.refresh(OLD)).willReturn(Mono
			.just(new Refreshed(new OpenSession(astronauts, old.refreshToken(), old.refreshExpiresIn()), false)));
		given(this.sessions.end(SESSION, EndReason.SUSPENDED)).willReturn(Mono.just(true));
		expectError(post("/oauth2/token", REFRESH), 400, "invalid_grant");
		then(this.sessions).should().end(SESSION, EndReason.SUSPENDED);
	}

	@Test
	void aSessionTokenThatIsAboutToEndIsRenewedOnTheWay() {
		given(this.sessions.refresh(OLD)).willReturn(Mono.just(DUE));
		given(this.sessions.renewed(DUE, TOKEN_GUID, NOW.plus(Duration.ofHours(5)))).willReturn(Mono.empty());
		given(this.sessions.refreshInGrace(OLD)).willReturn(Mono.just(new Refreshed(openSession(), false)));
		post("/oauth2/token", REFRESH).expectStatus().isOk();
		then(this.sessions).should().renewed(DUE, TOKEN_GUID, NOW.plus(Duration.ofHours(5)));
	}

	@Test
	void aRefusalByWorkflowAuthEndsTheSession() {
		given(this.sessions.refresh(OLD)).willReturn(Mono.just(DUE));
		given(this.workflowAuth.getTokenByUserUid(ANNA)).willReturn(Mono.empty());
		given(this.sessions.end(SESSION, EndReason.WORKFLOW_AUTH_REFUSED)).willReturn(Mono.just(true));
		expectError(post("/oauth2/token", REFRESH), 400, "invalid_grant");
		then(this.sessions).should().end(SESSION, EndReason.WORKFLOW_AUTH_REFUSED);
		then(this.sessions).should(never()).refreshInGrace(any());
	}

	@Test
	void anOutageOfWorkflowAuthEndsNothing() {
		given(this.sessions.refresh(OLD)).willReturn(Mono.just(DUE));
		given(this.workflowAuth.getTokenByUserUid(ANNA))
			.willReturn(Mono.error(new WorkflowAuthUnavailableException("away", null)));
		given(this.sessions.refreshInGrace(OLD)).willReturn(Mono.just(new Refreshed(openSession(), false)));
		post("/oauth2/token", REFRESH).expectStatus().isOk();
	}

	@Test
	void anOutageThatOutlastsTheGraceIs503AndTheTokenIsStillGood() {
		given(this.sessions.refresh(OLD)).willReturn(Mono.just(DUE));
		given(this.workflowAuth.getTokenByUserUid(ANNA))
			.willReturn(Mono.error(new WorkflowAuthUnavailableException("away", null)));
		given(this.sessions.refreshInGrace(OLD)).willReturn(Mono.just(DUE));
		expectError(post("/oauth2/token", REFRESH), 503, "temporarily_unavailable").expectHeader()
			.valueMatches("Retry-After", "[1-9]|10");
		then(this.sessions).should(never()).end(any(UUID.class), any());
	}

	@Test
	void nobodyWhoIsSuspendedHasASessionTokenRenewed() {
		given(this.sessions.refresh(OLD)).willReturn(Mono.just(DUE));
		given(this.users.find(ANNA)).willReturn(Mono.just(anna(User.Status.SUSPENDED)));
		given(this.sessions.end(SESSION, EndReason.SUSPENDED)).willReturn(Mono.just(true));
		expectError(post("/oauth2/token", REFRESH), 400, "invalid_grant");
		then(this.workflowAuth).should(never()).getTokenByUserUid(any());
	}

	@Test
	void whoRefreshesInALoopIsSlowedDown() {
		given(this.sessions.refresh(OLD)).willReturn(Mono.just(new TooMany()));
		expectError(post("/oauth2/token", REFRESH), 429, "slow_down").expectHeader().valueEquals("Retry-After", "10");
	}

	@Test
	void whileTheDatabaseIsAwayTheTokenIsStillGood() {
		given(this.sessions.refresh(OLD)).willReturn(Mono.error(new DatabaseUnavailableException(new Exception("x"))));
		expectError(post("/oauth2/token", REFRESH), 503, "temporarily_unavailable").expectHeader()
			.valueMatches("Retry-After", "[1-9]|10");
	}

	@Test
	void withoutKeysNoTokenIsUsedUp() {
		given(this.publicKeys.areLoaded()).willReturn(false);
		expectError(post("/oauth2/token", REFRESH), 503, "temporarily_unavailable");
		then(this.sessions).should(never()).refresh(any());
	}

	@Test
	void anotherMediaTypeOrMethodIsAnInvalidRequest() {
		expectError(this.client.post()
			.uri("/oauth2/token")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue("{\"grant_type\":\"refresh_token\"}")
			.exchange(), 415, "invalid_request");
		expectError(this.client.get().uri("/oauth2/token?" + REFRESH).exchange(), 405, "invalid_request").expectHeader()
			.valueEquals("Allow", "POST");
		expectError(post("/oauth2/token", REFRESH + "&x=" + "y".repeat(20_000)), 413, "invalid_request");
	}

	@Test
	void aKnownRefreshTokenEndsItsSession() {
		post("/oauth2/revoke", "token=" + OLD.value() + "&token_type_hint=refresh_token").expectStatus()
			.isOk()
			.expectBody()
			.isEmpty();
		then(this.sessions).should().end(OLD, EndReason.REVOKED);
	}

	@Test
	void aKnownAccessTokenEndsItsSession() {
		post("/oauth2/revoke", "token=" + ANNAS_TOKEN).expectStatus().isOk();
		then(this.sessions).should().end(SESSION, EndReason.REVOKED);
	}

	@Test
	void anUnknownTokenIsAsGoodAsRevoked() {
		given(this.sessions.end(any(RefreshToken.class), any())).willReturn(Mono.just(false));
		post("/oauth2/revoke", "token=" + "u".repeat(43)).expectStatus().isOk();
		post("/oauth2/revoke", "token=nonsense").expectStatus().isOk();
	}

	@Test
	void whatCannotBeRevokedIsNotToldAsRevoked() {
		given(this.sessions.end(OLD, EndReason.REVOKED))
			.willReturn(Mono.error(new DatabaseUnavailableException(new Exception("x"))));
		expectError(post("/oauth2/revoke", "token=" + OLD.value()), 503, "temporarily_unavailable");
		willThrow(new KeysUnavailableException()).given(this.accessTokens).verify(anyString());
		expectError(post("/oauth2/revoke", "token=" + ANNAS_TOKEN), 503, "temporarily_unavailable");
	}

	@Test
	void aRevocationWithoutATokenIsAnInvalidRequest() {
		expectError(post("/oauth2/revoke", "token="), 400, "invalid_request");
		expectError(post("/oauth2/revoke", "token_type_hint=refresh_token"), 400, "invalid_request");
	}

	private ResponseSpec post(String path, String form) {
		return this.client.post()
			.uri(path)
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.bodyValue(form)
			.exchange();
	}

	private static ResponseSpec expectError(ResponseSpec answer, int status, String error) {
		answer.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.exists("X-Gateway-Error")
			.expectHeader()
			.contentType(MediaType.APPLICATION_JSON)
			.expectBody()
			.json("{\"error\":\"" + error + "\"}", JsonCompareMode.STRICT);
		return answer;
	}

}
