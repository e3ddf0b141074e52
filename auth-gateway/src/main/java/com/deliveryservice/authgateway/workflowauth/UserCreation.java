package com.deliveryservice.authgateway.workflowauth;

import org.jspecify.annotations.Nullable;

/**
 * What came of {@link WorkflowAuth#addUser}.
 *
 * @param added whether a pending user was stored and a code was sent
 * @param existed whether it was refused because such a user exists
 * ({@code userExistanceBefore} with any member true)
 * @param signUpGuid workflow-auth's id of the sign-up; never {@code null} if added
 * @param verificationCode the code that was sent, or {@code null} if workflow-auth kept
 * it to itself
 */
public record UserCreation(boolean added, boolean existed, @Nullable String signUpGuid,
		@Nullable String verificationCode) {

	@Override
	public String toString() {
		return "UserCreation[added=" + this.added + ", existed=" + this.existed + "]";
	}

}
