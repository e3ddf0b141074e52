package com.deliveryservice.authgateway.workflowauth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import com.deliveryservice.authgateway.devstack.Misbehaviour;
import com.deliveryservice.authgateway.devstack.MisbehaviourMode;
import com.deliveryservice.authgateway.devstack.WorkflowAuthStandIn;
import com.deliveryservice.authgateway.problem.ProblemCode;

import static com.deliveryservice.authgateway.workflowauth.ClientUnderTest.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Every shape outside the contract, for every operation: an outage, never a verdict.
 */
@ExtendWith(OutputCaptureExtension.class)
class MalformedAnswerTests {

	private static final String GUID = "0f8fad5b-d9cb-469f-a165-70867728950e";

	private static final String BEGIN = "\"tokenBeginDt\":\"2026-01-01T00:00:00\"";

	private static final String END = "\"tokenEndDt\":\"2096-01-01T00:00:00\"";

	private static final Map<Operation, String> GOOD = Map.of(Operation.ADD_USER,
			"{\"isUserAdded\":true,\"signUpGuid\":\"g1\"}", Operation.VERIFY_SIGN_UP, "{\"isSuccessful\":true}",
			Operation.VERIFY_USER_CREDENTIALS, "{\"isVerified\":true,\"userUid\":\"" + GUID + "\"}",
			Operation.GET_TOKEN_BY_USER_UID, "{\"tokenGuid\":\"" + GUID + "\"," + BEGIN + "," + END + "}");

	@AutoClose
	private final WorkflowAuthStandIn standIn = WorkflowAuthStandIn.start(0, null, null, null);

	@AutoClose
	private final ClientUnderTest workflowAuth = ClientUnderTest.of(this.standIn.baseUrl());

	static Stream<Arguments> shapesOfAnyOperation() {
		List<Arguments> cases = new ArrayList<>();
		for (Operation operation : Operation.values()) {
			String good = GOOD.getOrDefault(operation, "");
			String open = good.substring(0, good.length() - 1);
			mode(cases, operation, Outage.STATUS, MisbehaviourMode.STATUS, MisbehaviourMode.NO_CONTENT,
					MisbehaviourMode.REDIRECT);
			mode(cases, operation, Outage.CONTENT, MisbehaviourMode.HTML, MisbehaviourMode.GZIP_BOMB);
			mode(cases, operation, Outage.TOO_LARGE, MisbehaviourMode.HUGE);
			mode(cases, operation, Outage.CONNECTION, MisbehaviourMode.REFUSE);
			mode(cases, operation, Outage.FAILURE, MisbehaviourMode.EXCEPTION_MESSAGE,
					MisbehaviourMode.WORKFLOW_EXCEPTION);
			mode(cases, operation, Outage.MALFORMED, MisbehaviourMode.MISSING_MEMBER, MisbehaviourMode.NULL_MEMBER,
					MisbehaviourMode.WRONG_TYPE, MisbehaviourMode.NULL, MisbehaviourMode.ARRAY,
					MisbehaviourMode.EMPTY_BODY);
			json(cases, operation, Outage.MALFORMED, "{}", open, good + "x", good + "{}", "\"text\"", "1", "true",
					"\u0000" + good, open + ",\"a\":1,\"a\":2}", open + ",\"IsVerified\":1,\"isVerified\":1}",
					open + ",\"a\":" + "[".repeat(30) + "]".repeat(30) + "}");
			json(cases, operation, Outage.FAILURE, open + ",\"exceptionMessage\":\"\"}",
					open + ",\"EXCEPTIONMESSAGE\":\"Boom\"}", open + ",\"exceptionMessage\":false}",
					open + ",\"workflowException\":{}}", open + ",\"workflowException\":\"\"}");
			add(cases, operation, "201", Outage.STATUS, answering(201, "application/json", good));
			add(cases, operation, "text/plain", Outage.CONTENT, answering(200, "text/plain", good));
			add(cases, operation, "application/xml", Outage.CONTENT, answering(200, "application/xml", good));
			add(cases, operation, "invalid UTF-8", Outage.MALFORMED,
					Misbehaviour.answering(200, Map.of("Content-Type", "application/json"),
							(open + ",\"a\":\"\u00ff\"}").getBytes(StandardCharsets.ISO_8859_1)));
		}
		return cases.stream();
	}

	static Stream<Arguments> shapesOfOneOperation() {
		List<Arguments> cases = new ArrayList<>();
		json(cases, Operation.ADD_USER, Outage.MALFORMED, "{\"isUserAdded\":true}",
				"{\"isUserAdded\":true,\"signUpGuid\":null}", "{\"isUserAdded\":true,\"signUpGuid\":\"\"}",
				"{\"isUserAdded\":true,\"signUpGuid\":\" \"}", "{\"isUserAdded\":true,\"signUpGuid\":17}",
				"{\"isUserAdded\":true,\"signUpGuid\":\"" + "g".repeat(201) + "\"}",
				"{\"isUserAdded\":true,\"signUpGuid\":\"00000000-0000-0000-0000-000000000000\"}",
				"{\"isUserAdded\":true,\"signUpGuid\":\"g1\",\"verificationCode\":42137}",
				"{\"isUserAdded\":\"true\",\"signUpGuid\":\"g1\"}", "{\"isUserAdded\":1,\"signUpGuid\":\"g1\"}",
				"{\"isUserAdded\":false,\"userExistanceBefore\":true}",
				"{\"isUserAdded\":false,\"userExistanceBefore\":{\"loginExists\":true,\"emailExists\":\"yes\"}}");
		json(cases, Operation.ADD_USER, Outage.NOT_ADDED, "{\"isUserAdded\":false}",
				"{\"isUserAdded\":false,\"userExistanceBefore\":null}",
				"{\"isUserAdded\":false,\"userExistanceBefore\":{\"loginExists\":false,\"emailExists\":null}}");
		json(cases, Operation.VERIFY_USER_CREDENTIALS, Outage.MALFORMED, "{\"isVerified\":true}",
				"{\"isVerified\":true,\"userUid\":null}", "{\"isVerified\":true,\"userUid\":\"\"}",
				"{\"isVerified\":true,\"userUid\":\"00000000-0000-0000-0000-000000000000\"}",
				"{\"isVerified\":true,\"userUid\":\"1-1-1-1-1\"}", "{\"isVerified\":true,\"userUid\":42}",
				"{\"isVerified\":true,\"userUid\":\"" + GUID + " \"}",
				"{\"isVerified\":\"true\",\"userUid\":\"" + GUID + "\"}");
		json(cases, Operation.GET_TOKEN_BY_USER_UID, Outage.MALFORMED, token(GUID, BEGIN), token(GUID, END),
				token(GUID, BEGIN + ",\"tokenEndDt\":null"), token(GUID, BEGIN + ",\"tokenEndDt\":4102444800"),
				token(GUID, BEGIN + ",\"tokenEndDt\":\"0001-01-01T00:00:00\""),
				token(GUID, "\"tokenBeginDt\":\"0001-01-01T00:00:00\"," + END),
				token(GUID, BEGIN + ",\"tokenEndDt\":\"2096-13-01T00:00:00\""),
				token(GUID, BEGIN + ",\"tokenEndDt\":\"2096-01-01\""),
				token(GUID, BEGIN + ",\"tokenEndDt\":\"2096-01-01T00:00:00.12345678\""),
				token(GUID, BEGIN + ",\"tokenEndDt\":\"2025-12-31T23:59:59\""),
				token(GUID, "\"tokenBeginDt\":\"2020-01-01T00:00:00\",\"tokenEndDt\":\"2020-01-01T05:00:00\""),
				token(GUID, "\"tokenBeginDt\":\"2096-01-01T00:00:00\"," + END), token(" ", BEGIN + "," + END),
				token("0f8fad5bd9cb469fa16570867728950e", BEGIN + "," + END));
		return cases.stream();
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource({ "shapesOfAnyOperation", "shapesOfOneOperation" })
	void isAnOutageThatIsCounted(Operation operation, String name, Outage outage, Misbehaviour misbehaviour) {
		this.standIn.misbehave(null, misbehaviour);
		Throwable failure = catchThrowable(() -> this.workflowAuth.call(operation).block(WAIT));
		assertThat(failure).isInstanceOfSatisfying(WorkflowAuthUnavailableException.class, (ex) -> {
			assertThat(ex.reason()).isEqualTo(outage.reason());
			assertThat(ex.problem().code()).isEqualTo(ProblemCode.AUTH_SERVICE_UNAVAILABLE);
			assertThat(ex.problem().retryAfterSeconds()).isNotNull();
		});
		assertThat(this.workflowAuth.failures(operation.tag(), outage.reason())).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource
	void anOverloadedAuthBackendIsOverloadAndNoOutage(Operation operation) {
		this.standIn.misbehave(null, MisbehaviourMode.OVERLOADED.misbehaviour());
		assertThat(catchThrowable(() -> this.workflowAuth.call(operation).block(WAIT)))
			.isInstanceOf(WorkflowAuthOverloadedException.class);
		assertThat(this.workflowAuth.failures(operation.tag(), "overloaded")).isEqualTo(1);
	}

	@Test
	void theLogSaysWhatFailedAndNothingOfTheAnswer(CapturedOutput output) {
		this.standIn.misbehave(null, MisbehaviourMode.WORKFLOW_EXCEPTION.misbehaviour(), 1);
		this.workflowAuth.call(Operation.ADD_USER).onErrorComplete().block(WAIT);
		this.standIn.misbehave(null, Misbehaviour.json("{\"verificationCode\":042137}"));
		this.workflowAuth.call(Operation.ADD_USER).onErrorComplete().block(WAIT);
		assertThat(output.getAll()).contains("operation=add-user reason=failure", "operation=add-user reason=malformed")
			.doesNotContain("AuthWebApi.Secret", "Boom", "42137", "correct horse", "anna");
	}

	private static void mode(List<Arguments> cases, Operation operation, Outage outage, MisbehaviourMode... modes) {
		for (MisbehaviourMode mode : modes) {
			add(cases, operation, mode.name(), outage, mode.misbehaviour());
		}
	}

	private static void json(List<Arguments> cases, Operation operation, Outage outage, String... bodies) {
		for (String body : bodies) {
			add(cases, operation, body, outage, Misbehaviour.json(body));
		}
	}

	private static void add(List<Arguments> cases, Operation operation, String name, Outage outage,
			Misbehaviour misbehaviour) {
		cases.add(Arguments.of(operation, name.replaceAll("\\p{Cntrl}", "?"), outage, misbehaviour));
	}

	private static Misbehaviour answering(int status, String contentType, String body) {
		return Misbehaviour.answering(status, Map.of("Content-Type", contentType),
				body.getBytes(StandardCharsets.UTF_8));
	}

	private static String token(String guid, String dates) {
		return "{\"tokenGuid\":\"" + guid + "\"," + dates + "}";
	}

}
