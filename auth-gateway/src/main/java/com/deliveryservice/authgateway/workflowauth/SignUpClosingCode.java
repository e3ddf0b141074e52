package com.deliveryservice.authgateway.workflowauth;

/**
 * How a sign-up ended, in workflow-auth's words and spelling (contract/workflow-auth.md).
 */
public enum SignUpClosingCode {

	SUCCESS("Success"), REJECTED_TO_PROVIDE_CODE("RejectedToProvideVC"), TOO_MANY_TRIES("TooManyTries"),
	TIMEOUT("Timeout"), OVERRIDDEN("Overriden"), CANCELLED("Cancelled");

	private final String wireName;

	SignUpClosingCode(String wireName) {
		this.wireName = wireName;
	}

	public String wireName() {
		return this.wireName;
	}

}
