package com.deliveryservice.authgateway.workflowauth;

/**
 * What workflow-auth can be asked (contract/workflow-auth.md). CheckUserExistance is not
 * among them: the real one always says yes, so nothing is decided from it.
 */
enum Operation {

	ADD_USER("AddUser", "add-user"), VERIFY_SIGN_UP("VerifySignUp", "verify-sign-up"),
	VERIFY_USER_CREDENTIALS("VerifyUserCredentials", "verify-user-credentials"),
	GET_TOKEN_BY_USER_UID("GetTokenByUserUid", "get-token-by-user-uid");

	private final String wireName;

	private final String tag;

	Operation(String wireName, String tag) {
		this.wireName = wireName;
		this.tag = tag;
	}

	/**
	 * The path below workflow-auth's base URL.
	 */
	String path() {
		return "/AuthWebApi/" + this.wireName;
	}

	/**
	 * The value of a meter's tag {@code operation}, and the word for logs.
	 */
	String tag() {
		return this.tag;
	}

}
