package com.deliveryservice.authgateway.workflowauth;

import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to workflow-auth, in its spelling (contract/workflow-auth.md).
 */
sealed interface WireRequest {

	/**
	 * UserCredentials, for AddUser and VerifyUserCredentials. Never prints the password.
	 */
	record Credentials(@JsonProperty("login") String login, @JsonProperty("email") @Nullable String email,
			@JsonProperty("phoneNumber") @Nullable String phoneNumber, @JsonProperty("password") String password,
			@JsonProperty("userType") @Nullable String userType) implements WireRequest {

		static Credentials of(UserCredentials user) {
			return new Credentials(user.login(), user.email(), user.phoneNumber(), user.password(), user.userType());
		}

		@Override
		public String toString() {
			return "Credentials[…]";
		}

	}

	/**
	 * VSURequest, for VerifySignUp: the two flags repeat what the closing code says.
	 */
	record Closing(@JsonProperty("signUpGuid") String signUpGuid, @JsonProperty("triesNumber") int tries,
			@JsonProperty("isDeprecated") boolean deprecated, @JsonProperty("isOverriden") boolean overridden,
			@JsonProperty("signUpClosingCode") String closingCode) implements WireRequest {

		static Closing of(String signUpGuid, int tries, SignUpClosingCode code) {
			return new Closing(signUpGuid, tries, code == SignUpClosingCode.TIMEOUT,
					code == SignUpClosingCode.OVERRIDDEN, code.wireName());
		}

	}

	/**
	 * TokenRequest, for GetTokenByUserUid.
	 */
	record Token(@JsonProperty("userUid") UUID userId) implements WireRequest {

	}

}
