package com.deliveryservice.authgateway.devstack;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The operations of workflow-auth with the members of their answers
 * (contract/workflow-auth.md). The first of its members is the one that an answer cannot
 * do without.
 */
@SuppressWarnings("ImmutableEnumChecker")
public enum Operation {

	CHECK_USER_EXISTANCE("CheckUserExistance", List.of("loginExists", "emailExists", "phoneNumberExists"), List.of()),

	ADD_USER("AddUser", List.of("isUserAdded"),
			List.of("signUpGuid", "verificationCode", "codeSendingDt", "userExistanceBefore", "userExistanceAfter",
					"userType")),

	VERIFY_SIGN_UP("VerifySignUp", List.of("isSuccessful"), List.of()),

	VERIFY_USER_CREDENTIALS("VerifyUserCredentials", List.of("isVerified"), List.of("userUid", "userCredentials")),

	GET_TOKEN_BY_USER_UID("GetTokenByUserUid", List.of(),
			List.of("tokenGuid", "tokenBeginDt", "tokenEndDt", "userType"));

	private static final List<String> FAILURE = List.of("exceptionMessage", "workflowException");

	private final String wireName;

	private final List<String> flags;

	private final List<String> others;

	Operation(String wireName, List<String> flags, List<String> others) {
		this.wireName = wireName;
		this.flags = flags;
		this.others = others;
	}

	/**
	 * Its name in the path.
	 */
	public String wireName() {
		return this.wireName;
	}

	/**
	 * The member that an answer cannot do without.
	 */
	String tellingMember() {
		return this.flags.isEmpty() ? this.others.get(0) : this.flags.get(0);
	}

	/**
	 * Reads any JSON as this operation's answer, as .NET does: names in any case, unknown
	 * members dropped, missing ones {@code false} or {@code null}.
	 */
	ObjectNode read(JsonNode body) {
		ObjectNode answer = JsonNodeFactory.instance.objectNode();
		this.flags.forEach((name) -> answer.put(name, member(body, name).asBoolean(false)));
		this.others.forEach((name) -> answer.set(name, member(body, name)));
		FAILURE.forEach((name) -> answer.set(name, member(body, name)));
		return answer;
	}

	/**
	 * A member by its name in any case; JSON {@code null} if it is not there.
	 */
	static JsonNode member(JsonNode body, String name) {
		return body.properties()
			.stream()
			.filter((property) -> property.getKey().equalsIgnoreCase(name))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(JsonNodeFactory.instance.nullNode());
	}

	static Optional<Operation> find(String wireName) {
		return Arrays.stream(values()).filter((operation) -> operation.wireName.equalsIgnoreCase(wireName)).findFirst();
	}

}
