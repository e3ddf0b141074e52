package com.deliveryservice.authgateway.workflowauth;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import com.deliveryservice.authgateway.devstack.Misbehaviour;
import com.deliveryservice.authgateway.devstack.WorkflowAuthStandIn;

import static com.deliveryservice.authgateway.devstack.Operation.ADD_USER;
import static com.deliveryservice.authgateway.devstack.Operation.GET_TOKEN_BY_USER_UID;
import static com.deliveryservice.authgateway.devstack.Operation.VERIFY_SIGN_UP;
import static com.deliveryservice.authgateway.devstack.Operation.VERIFY_USER_CREDENTIALS;
import static com.deliveryservice.authgateway.workflowauth.ClientUnderTest.ANNA;
import static com.deliveryservice.authgateway.workflowauth.ClientUnderTest.UID;
import static com.deliveryservice.authgateway.workflowauth.ClientUnderTest.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the client sends and how it reads a good answer.
 */
class HttpWorkflowAuthTests {

	private static final String GUID = "0f8fad5b-d9cb-469f-a165-70867728950e";

	@AutoClose
	private final WorkflowAuthStandIn standIn = WorkflowAuthStandIn.start(0, null, null, null);

	@AutoClose
	private final ClientUnderTest workflowAuth = ClientUnderTest.of(this.standIn.baseUrl());

	@Test
	void sendsCamelCaseWithBasicCredentials() {
		this.standIn.misbehave(ADD_USER, Misbehaviour.json("{\"isUserAdded\":true,\"signUpGuid\":\"g1\"}"));
		this.workflowAuth.client.addUser(ANNA).block(WAIT);
		WorkflowAuthStandIn.Call call = this.standIn.calls(ADD_USER).get(0);
		assertThat(call.authorization()).isEqualTo("Basic Z2F0ZXdheTpww6Rzc3dvcmQ=");
		assertThat(call.body()).isEqualTo(json("""
				{"login":"anna","email":"anna@example.org","phoneNumber":null,"password":"correct horse battery",
				"userType":"customer"}"""));
	}

	@Test
	void readsAnAddedUserWithItsCode() {
		this.standIn.misbehave(ADD_USER, Misbehaviour.json("""
				{"IsUserAdded":true,"SIGNUPGUID":"g1","verificationCode":"042137","codeSendingDt":"0001-01-01T00:00:00",
				"userExistanceBefore":null,"newMember":{"a":[1]},"exceptionMessage":null,"workflowException":null}"""));
		assertThat(this.workflowAuth.client.addUser(ANNA).block(WAIT))
			.isEqualTo(new UserCreation(true, false, "g1", "042137"));
	}

	@ParameterizedTest
	@ValueSource(strings = { ",\"verificationCode\":null", ",\"verificationCode\":\"\"", "" })
	void readsAnAddedUserWithoutCode(String code) {
		this.standIn.misbehave(ADD_USER, Misbehaviour.json("{\"isUserAdded\":true,\"signUpGuid\":\"g1\"" + code + "}"));
		assertThat(this.workflowAuth.client.addUser(ANNA).block(WAIT))
			.isEqualTo(new UserCreation(true, false, "g1", null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "loginExists", "emailExists", "PhoneNumberExists" })
	void readsThatAUserExists(String member) {
		this.standIn.misbehave(ADD_USER,
				Misbehaviour.json("{\"isUserAdded\":false,\"userExistanceBefore\":{\"" + member + "\":true}}"));
		assertThat(this.workflowAuth.client.addUser(ANNA).block(WAIT))
			.isEqualTo(new UserCreation(false, true, null, null));
	}

	@ParameterizedTest
	@EnumSource
	void tellsEveryClosingCode(SignUpClosingCode code) {
		this.standIn.misbehave(VERIFY_SIGN_UP, Misbehaviour.json("{\"isSuccessful\":true}"));
		assertThat(this.workflowAuth.client.verifySignUp("g1", 3, code).block(WAIT)).isTrue();
		JsonNode body = this.standIn.calls(VERIFY_SIGN_UP).get(0).body();
		assertThat(body.path("signUpGuid").stringValue()).isEqualTo("g1");
		assertThat(body.path("triesNumber").intValue()).isEqualTo(3);
		assertThat(body.path("signUpClosingCode").stringValue()).isEqualTo(code.wireName());
		assertThat(body.path("isOverriden").booleanValue()).isEqualTo(code == SignUpClosingCode.OVERRIDDEN);
		assertThat(body.path("isDeprecated").booleanValue()).isEqualTo(code == SignUpClosingCode.TIMEOUT);
	}

	@Test
	void readsThatAClosingWasRefused() {
		this.standIn.misbehave(VERIFY_SIGN_UP, Misbehaviour.json("{\"isSuccessful\":false}"));
		assertThat(this.workflowAuth.client.verifySignUp("g1", 3, SignUpClosingCode.SUCCESS).block(WAIT)).isFalse();
	}

	@Test
	void readsAVerifiedUser() {
		this.standIn.misbehave(VERIFY_USER_CREDENTIALS, Misbehaviour.json("{\"isVerified\":true,\"userUid\":\""
				+ GUID.toUpperCase(Locale.ROOT) + "\",\"userCredentials\":{\"login\":\"anna\"}}"));
		assertThat(this.workflowAuth.client.verifyUserCredentials(ANNA).block(WAIT)).hasToString(GUID);
	}

	@Test
	void aRefusedUserIsEmpty() {
		this.standIn.misbehave(VERIFY_USER_CREDENTIALS,
				Misbehaviour.json("{\"isVerified\":false,\"userUid\":\"" + GUID + "\"}"));
		assertThat(this.workflowAuth.client.verifyUserCredentials(ANNA).blockOptional(WAIT)).isEmpty();
		assertThat(this.workflowAuth.meters.find("auth_gateway.workflow_auth.failures").counters()).isEmpty();
	}

	@Test
	void asksForTheSessionTokenOfThatVeryUser() {
		this.workflowAuth.client.getTokenByUserUid(UID).block(WAIT);
		assertThat(this.standIn.calls(GET_TOKEN_BY_USER_UID).get(0).body())
			.isEqualTo(json("{\"userUid\":\"" + UID + "\"}"));
	}

	@Test
	void readsTheStandInsSessionToken() {
		SessionToken token = this.workflowAuth.client.getTokenByUserUid(UID).blockOptional(WAIT).orElseThrow();
		assertThat(Duration.between(token.beginsAt(), token.endsAt())).isEqualTo(Duration.ofHours(5));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "00000000-0000-0000-0000-000000000000" })
	void anEmptyTokenGuidIsARefusal(String guid) {
		this.standIn.misbehave(GET_TOKEN_BY_USER_UID, Misbehaviour.json("{\"tokenGuid\":\"" + guid
				+ "\",\"tokenBeginDt\":\"0001-01-01T00:00:00\",\"tokenEndDt\":\"0001-01-01T00:00:00\"}"));
		assertThat(this.workflowAuth.client.getTokenByUserUid(UID).blockOptional(WAIT)).isEmpty();
		assertThat(this.workflowAuth.meters.find("auth_gateway.workflow_auth.failures").counters()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "2096-11-23T04:05:06.1234567, 2096-11-23T03:05:06.123456700Z",
			"2096-07-23T04:05:06, 2096-07-23T02:05:06Z", "2096-11-23T04:05:06.1234567Z, 2096-11-23T04:05:06.123456700Z",
			"2096-11-23T04:05:06.5+03:00, 2096-11-23T01:05:06.500Z" })
	void readsDatesWithAndWithoutOffset(String end, Instant expected) {
		WorkflowAuthSettings berlin = new WorkflowAuthSettings(this.standIn.baseUrl(), Duration.ofSeconds(1),
				Duration.ofSeconds(3), "Europe/Berlin", null, null, 1, null);
		this.standIn.misbehave(GET_TOKEN_BY_USER_UID, Misbehaviour.json("{\"tokenGuid\":\"" + GUID
				+ "\",\"tokenBeginDt\":\"2026-01-01T00:00:00\",\"tokenEndDt\":\"" + end + "\"}"));
		try (ClientUnderTest client = ClientUnderTest.of(berlin)) {
			SessionToken token = client.client.getTokenByUserUid(UID).blockOptional(WAIT).orElseThrow();
			assertThat(token.endsAt()).isEqualTo(expected);
			assertThat(token.beginsAt()).isEqualTo("2025-12-31T23:00:00Z");
		}
		assertThat(this.standIn.calls(GET_TOKEN_BY_USER_UID).get(0).authorization()).isNull();
	}

	@Test
	void everyCallIsTimed() {
		this.workflowAuth.client.getTokenByUserUid(UID).block(WAIT);
		// it is stopped after the answer was handed on
		org.awaitility.Awaitility.await()
			.atMost(WAIT)
			.ignoreException(io.micrometer.core.instrument.search.MeterNotFoundException.class)
			.untilAsserted(() -> assertThat(this.workflowAuth.meters.get("auth_gateway.workflow_auth.calls")
				.tags("operation", "get-token-by-user-uid", "outcome", "answered")
				.timer()
				.count()).isEqualTo(1));
	}

	@Test
	void nothingThatHoldsASecretPrintsIt() {
		SessionToken token = this.workflowAuth.client.getTokenByUserUid(UID).blockOptional(WAIT).orElseThrow();
		List<Object> holders = List.of(WireRequest.Credentials.of(ANNA),
				ClientUnderTest.settings("http://localhost", WAIT, 1), token,
				new UserCreation(true, false, "g1", "042137"));
		assertThat(holders.toString()).doesNotContain("correct horse", "pässword", token.tokenGuid().toString(),
				"042137");
	}

	private static JsonNode json(String text) {
		return JsonMapper.builder().build().readTree(text);
	}

}
